using Microsoft.Win32.SafeHandles;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>A pack being written to a temporary file in <c>objects/pack</c>.</summary>
internal sealed class FilePackTarget : PackTarget
{
    // git's own clean-up (git prune) knows names that begin with tmp_; the rest says that it is ours.
    private const string TemporaryPrefix = "tmp_pack_pasteur_";
    private const int BufferBytes = 256 * 1024;

    private readonly string _folder;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly FilePackData _data;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private bool _installed;

    public FilePackTarget(string packFolder)
    {
        _folder = packFolder;
        _path = Path.Combine(packFolder, TemporaryPrefix + Path.GetRandomFileName());
        _file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _data = new FilePackData(_file, _path, 0);
    }

    public override PackData Data => _data;

    public override long Length => _data.Length + _buffered;

    /// <summary>Removes what an earlier run, cut short, has left.</summary>
    public static void RemoveLeftovers(string packFolder)
    {
        foreach (var path in Directory.EnumerateFiles(packFolder, TemporaryPrefix + "*")) File.Delete(path);
    }

    public override void Flush()
    {
        if (_buffered == 0) return;
        RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), _data.Length);
        Durability.WriteBack(_file, _data.Length, _data.Length + _buffered, _path);
        _data.Extend(_data.Length + _buffered);
        _buffered = 0;
    }

    public override void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var run = Math.Min(bytes.Length, BufferBytes - _buffered);
            bytes[..run].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += run;
            bytes = bytes[run..];
            if (_buffered == BufferBytes) Flush();
        }
    }

    public override void Overwrite(long offset, ReadOnlySpan<byte> bytes)
    {
        Flush();
        RandomAccess.Write(_file, bytes, offset);
    }

    public override PackFile Install(IReadOnlyCollection<PackIndexEntry> sorted, ObjectId trailer, Action<string>? reached)
    {
        Flush();
        Durability.SyncFile(_file, _path);
        // Readable for all, writable for nobody, as git leaves its packs; the umask has its say too.
        File.SetUnixFileMode(_file, File.GetUnixFileMode(_file) & ~(UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        reached?.Invoke("synced");
        var index = PackInstaller.Install(_folder, _path, sorted, trailer, reached);
        _installed = true;
        return PackFile.Open(index);
    }

    public override void Dispose()
    {
        _file.Dispose();
        if (!_installed) File.Delete(_path);
    }
}
