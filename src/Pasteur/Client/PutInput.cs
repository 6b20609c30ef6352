using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>One thing to paste: a file, or standard input.</summary>
/// <param name="Name">Null when it has none.</param>
/// <param name="Bytes">At its beginning.</param>
/// <param name="Length">Null when only its end will tell.</param>
internal sealed record PutInput(string? Name, Stream Bytes, long? Length) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

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

    /// <summary>Of one with a length.</summary>
    public void Rewind() => Bytes.Position = 0;

    /// <summary>Reads up to so many bytes; fewer only at the end.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int maxBytes)
    {
        var read = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (read.Length < maxBytes && await ReadSomeAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, maxBytes - read.Length)), CancellationToken.None) is > 0 and var length)
            read.Write(buffer, 0, length);
        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    /// <summary>Copies all of it: of a file as much as it had when it was opened, for a log grows while it is sent.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        var left = Length ?? long.MaxValue;
        while (left > 0 && await ReadSomeAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken) is > 0 and var length)
        {
            await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            left -= length;
        }
        if (Length is not null && left > 0) throw Unreadable(Name ?? "the file", "it became shorter while it was sent");
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await Bytes.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e)
        {
            throw Unreadable(Name ?? "standard input", e.Message, e);
        }
    }

    private static PutInput OpenFile(string path, string? name)
    {
        if (Directory.Exists(path)) throw Unreadable(path, "it is a folder; paste its files, or an archive of them");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);
            // The shell calls a pipe /dev/fd/63 or the like, which says nothing of what is in it.
            if (!file.CanSeek) return new PutInput(name, file, null);
            // The files of /proc say that their length is 0.
            return new PutInput(name ?? Path.GetFileName(path), file, file.Length > 0 ? file.Length : null);
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
