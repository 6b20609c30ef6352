using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>Where what was fetched goes: to standard output, into a file, or into a folder under safe names. Nothing there is lost unasked.</summary>
internal sealed class SaveTarget(string? output, bool force, Stream standardOutput)
{
    /// <summary>A path for each name, null for standard output. What will not work is said before anything is written.</summary>
    public IReadOnlyList<string?> PathsFor(IReadOnlyList<string> names)
    {
        if (output is null)
        {
            return names.Count == 1
                ? [null]
                : throw new ClientFailedException(ExitCodes.Usage, $"the paste has {names.Count} files; give -o FOLDER to save them there");
        }
        var paths = names.Count == 1 && !Directory.Exists(output) && !Path.EndsInDirectorySeparator(output)
            ? [output]
            : LocalName.Of(names).Select(name => Path.Combine(output, name)).ToList();
        if (!force && paths.Find(Path.Exists) is { } taken) throw CannotCreate($"{taken} is there already; give --force to write over it");
        if (paths[0] != output) MakeFolder(output);
        return paths;
    }

    /// <summary>A file that could not be written whole does not stay.</summary>
    public async Task SaveAsync(string? path, Func<Stream, Task> write)
    {
        if (path is null)
        {
            await PrintAsync(write);
            return;
        }
        var isWhole = false;
        try
        {
            // Without force the file must be new, also when it became one since.
            await using (var file = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                try
                {
                    await write(file);
                    isWhole = true;
                }
                finally
                {
                    if (!isWhole && !force) File.Delete(path);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotCreate($"can't write {path}: {e.Message}", e);
        }
    }

    private async Task PrintAsync(Func<Stream, Task> write)
    {
        try
        {
            await write(standardOutput);
        }
        catch (IOException e)
        {
            throw CannotCreate($"can't write to standard output: {e.Message}", e);
        }
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotCreate($"can't make the folder {path}: {e.Message}", e);
        }
    }

    private static ClientFailedException CannotCreate(string message, Exception? inner = null) =>
        new(ExitCodes.CannotCreate, ShownText.Line(message) ?? "", inner);
}
