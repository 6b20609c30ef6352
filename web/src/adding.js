// Files that are dropped anywhere on the page, or pasted, join those already chosen.

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} form marked while files are held above the page
 * @param {(names: string[], folders: string[]) => void} added what joined them, and what cannot
 */
export function takeFiles(input, form, added) {
  /** @param {DataTransfer} given */
  const add = given => {
    const all = new DataTransfer();
    for (const file of input.files ?? []) all.items.add(file);
    const { files, folders } = told(given);
    const names = files.map(file => {
      const name = freeName(file.name, [...all.files].map(other => other.name));
      all.items.add(new File([file], name, { type: file.type }));
      return name;
    });
    input.files = all.files;
    added(names, folders);
  };

  document.addEventListener('paste', event => {
    const data = event.clipboardData;
    // Office programs copy text, and a picture of it: there the text is meant. With a file, a file manager copies its name.
    if (!data?.files.length || (data.types.includes('text/plain') && data.types.includes('text/html'))) return;
    event.preventDefault();
    add(data);
  });
  document.addEventListener('dragover', event => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.add('dropping');
  });
  document.addEventListener('dragleave', event => {
    if (!event.relatedTarget) form.classList.remove('dropping');
  });
  document.addEventListener('drop', event => {
    form.classList.remove('dropping');
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    add(event.dataTransfer);
  });
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/**
 * Browsers hand a folder over as a file, and then can't read it.
 * @param {DataTransfer} given
 */
function told({ items }) {
  /** @type {File[]} */
  const files = [];
  /** @type {string[]} */
  const folders = [];
  for (const item of items) {
    const file = item.getAsFile();
    if (file && item.webkitGetAsEntry()?.isDirectory) folders.push(file.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}

/**
 * Every picture that is pasted is called image.png.
 * @param {string} name
 * @param {string[]} taken
 */
function freeName(name, taken) {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let n = 2; taken.includes(free); n++) free = `${stem}-${n}${ending}`;
  return free;
}
