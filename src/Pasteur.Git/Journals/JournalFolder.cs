using System.Globalization;

namespace Pasteur.Git.Journals;

/// <summary>
/// Where the journals stand: <c>pasteur/journals</c> in the repository (git leaves unknown folders alone), on the same file system
/// as <c>objects/pack</c>, so that a roll is a link. Null-folder stores keep them in memory.
/// </summary>
internal sealed class JournalFolder
{
    public const string DamagedPrefix = "journal.damaged-";
    private readonly string? _path;
    private readonly long _reserve;
    private long _last;

    public JournalFolder(string? repository, long reserve)
    {
        _reserve = reserve;
        if (repository is null) return;
        _path = Path.Combine(repository, "pasteur", "journals");
        Directory.CreateDirectory(_path);
        Durability.SyncFolder(Path.GetDirectoryName(_path)!);
        Durability.SyncFolder(repository);
    }

    /// <summary>The files of an earlier run, oldest first.</summary>
    public IReadOnlyList<string> Leftovers()
    {
        if (_path is null) return [];
        var found = new SortedDictionary<long, string>();
        foreach (var file in Directory.EnumerateFiles(_path, "journal*"))
        {
            // The numbers of files that were set aside are taken too.
            var name = Path.GetFileName(file);
            var prefix = name.StartsWith(DamagedPrefix, StringComparison.Ordinal) ? DamagedPrefix : Journal.FilePrefix;
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !TryParseNumber(name.AsSpan(prefix.Length), out var number)) continue;
            _last = Math.Max(_last, number);
            if (prefix == Journal.FilePrefix) found[number] = file;
        }
        return [.. found.Values];
    }

    public Journal Create()
    {
        var number = Interlocked.Increment(ref _last);
        return _path is null ? Journal.InMemory(number) : Journal.Create(_path, number, _reserve);
    }

    /// <summary>Removes a journal whose commits stand in a pack that refs on the disk reach; a damaged one is kept under another name.</summary>
    public void Remove(Journal journal)
    {
        if (journal.Path is not { } path) return;
        if (journal.TornBytes > 0) File.Move(path, Path.Combine(_path!, DamagedPrefix + Path.GetFileName(path)[Journal.FilePrefix.Length..]));
        else File.Delete(path);
        Durability.SyncFolder(_path!);
    }

    // NUMBER-MARK
    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        var dash = text.IndexOf('-');
        return dash > 0 && long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
