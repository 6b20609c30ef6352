using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>One thing to paste: a file, or standard input.</summary>
/// <param name="Name">Null when it has none.</param>
/// <param name="Bytes">At its beginning.</param>
/// <param name="Length">Null when only its end will tell.</param>
internal sealed record PutInput(string? Name, Stream Bytes, long? Length) : IDisposable
{
    /// <summary>Opens all of them before anything is sent.</summary>
    /// <exception cref="ClientFailedException">One of them can't be read.</exception>
    public static IReadOnlyList<PutInput> Open(PutRequest request, ClientConsole console)
    {
        var inputs = new List<PutInput>(request.Files.Count);
        try
        {
            foreach (var path in request.Files)
                inputs.Add(path == PutRequest.StandardInput ? new PutInput(request.Name, console.Input, null) : OpenFile(path, request.Name));
            return inputs;
        }
        catch
        {
            foreach (var input in inputs) input.Dispose();
            throw;
        }
    }

    public void Dispose() => Bytes.Dispose();

    /// <summary>Reads up to so many bytes; fewer only at the end.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int maxBytes)
    {
        var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (read.Length < maxBytes && await Bytes.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, maxBytes - read.Length)), CancellationToken.None) is > 0 and var length)
                read.Write(buffer, 0, length);
        }
        catch (IOException e)
        {
            throw Unreadable(Name ?? "standard input", e.Message, e);
        }
        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    private static PutInput OpenFile(string path, string? name)
    {
        if (Directory.Exists(path)) throw Unreadable(path, "it is a folder; paste its files, or an archive of them");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);
            // Pipes have no length, and the files of /proc say that theirs is 0.
            return new PutInput(name ?? Path.GetFileName(path), file, file is { CanSeek: true, Length: > 0 and var length } ? length : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable(path, e.Message, e);
        }
    }

    private static ClientFailedException Unreadable(string what, string why, Exception? inner = null) =>
        new(ExitCodes.NoInput, $"can't read {ShownText.Line(what)}: {ShownText.Line(why)}", inner);
}
