using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Refs;

/// <summary>
/// A copy of the refs in <c>pasteur/refs</c>, in the form of <c>packed-refs</c>. A ref file that holds garbage (a power cut under another
/// program's unsynced write leaves it empty) is restored from it; a ref that is missing was deleted by somebody and stays so.
/// </summary>
internal sealed class RefBackup(string repository)
{
    private string BackupPath => Path.Combine(repository, "pasteur", "refs");

    public void Write(IReadOnlyDictionary<string, ObjectId> refs)
    {
        var text = new StringBuilder("# copy of the refs at the last roll\n");
        foreach (var name in refs.Keys.Order(StringComparer.Ordinal)) text.Append(refs[name].ToString()).Append(' ').Append(name).Append('\n');
        AtomicFile.Write(BackupPath, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Puts back each ref whose file is garbage and says so; the garbage is kept beside the copy.</summary>
    public IReadOnlyList<string> RestoreDamaged(RefFiles refs)
    {
        var restored = new List<string>();
        foreach (var (name, id) in PackedRefs.Read(BackupPath))
        {
            try
            {
                refs.Read(name);
            }
            catch (GitDataException e)
            {
                var path = Path.Combine(repository, name);
                var aside = Path.Combine(repository, "pasteur", "damaged-" + name.Replace('/', '-'));
                File.Move(path, aside, overwrite: true);
                refs.Update(name, refs.Read(name) ?? default, id);
                restored.Add($"{name}: {e.Problem}. It is restored to {id} from the copy of the last roll; what stood there is kept as {aside}.");
            }
        }
        return restored;
    }
}
