using System.Diagnostics.CodeAnalysis;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pasteur.Git.Packs;

/// <summary>
/// The bytes of an index, in a file or copied to memory of our own. What goes through all of it sees the file mapped, and holds it by
/// reference count, so that disposing an index that is being read (its pack was merged away) is an exception, never a read of unmapped
/// memory. What looks at a place here and there reads by position: pages that are touched once would be counted as memory of this process.
/// </summary>
internal sealed unsafe partial class IndexMemory : IDisposable
{
    private const int DoNotNeed = 4; // MADV_DONTNEED

    private readonly SafeBuffer _buffer;
    private readonly SafeFileHandle? _file;
    private volatile bool _isMapRead;

    private IndexMemory(SafeBuffer buffer, long length, SafeFileHandle? file)
    {
        _buffer = buffer;
        _file = file;
        Length = length;
    }

    public long Length { get; }

    public static IndexMemory Map(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length < PackIndexLayout.MinLength) throw new GitDataException(path, $"a pack index has {PackIndexLayout.MinLength} bytes or more, this file {length}", PackIndex.Remedy);
            using var map = MemoryMappedFile.CreateFromFile(file, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new IndexMemory(map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle, length, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static IndexMemory Copy(ReadOnlySpan<byte> bytes)
    {
        var buffer = new NativeBuffer(bytes.Length);
        using (var pin = new Pin(buffer)) bytes.CopyTo(new Span<byte>(pin.Start, bytes.Length));
        return new IndexMemory(buffer, bytes.Length, file: null);
    }

    /// <summary>Set while somebody looks at so many places that a system call for each would cost more than the pages; they are let go then.</summary>
    public bool IsMapRead
    {
        get => _isMapRead;
        set
        {
            _isMapRead = value;
            if (!value) LetGo();
        }
    }

    public Pin Hold() => new(_buffer);

    /// <summary>Fills <paramref name="destination"/>; false when the file has become shorter than it was.</summary>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (_file is null || _isMapRead)
        {
            using var pin = Hold();
            pin.At(offset, destination.Length).CopyTo(destination);
            return true;
        }
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_file, destination, offset);
            if (read == 0) return false;
            destination = destination[read..];
            offset += read;
        }
        return true;
    }

    /// <summary>Takes the mapped pages out of the process; they stay in the kernel's cache, and come back one fault at a time.</summary>
    public void LetGo()
    {
        if (_buffer is not SafeMemoryMappedViewHandle) return;
        try
        {
            using var pin = Hold();
            // A kernel that will not has lost us nothing.
            _ = Advise(pin.Start, (nuint)Length, DoNotNeed);
        }
        catch (ObjectDisposedException)
        {
            // Its pack was merged away a moment ago.
        }
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _file?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);

    /// <summary>The memory cannot go away while this is held.</summary>
    public readonly ref struct Pin : IDisposable
    {
        private readonly SafeBuffer _buffer;
        private readonly byte* _start;

        public Pin(SafeBuffer buffer)
        {
            _buffer = buffer;
            buffer.AcquirePointer(ref _start);
        }

        public byte* Start => _start;

        /// <summary>Bytes that the layout, checked when the index was opened, says are there.</summary>
        public ReadOnlySpan<byte> At(long offset, int length) => new(_start + offset, length);

        public void Dispose() => _buffer.ReleasePointer();
    }

    private sealed class NativeBuffer : SafeBuffer
    {
        [SuppressMessage("Reliability", "CA2000", Justification = "The handle owns what it allocates.")]
        public NativeBuffer(int length)
            : base(ownsHandle: true)
        {
            SetHandle((nint)NativeMemory.Alloc((nuint)length));
            Initialize((ulong)length);
        }

        protected override bool ReleaseHandle()
        {
            NativeMemory.Free((void*)handle);
            return true;
        }
    }
}
