using System.Collections.Concurrent;

namespace Pasteur.Pastes;

/// <summary>
/// Keeps what was used lately, within a number of bytes. Two generations: what is looked up moves to the young one; when that is
/// full it becomes the old one and the old one is dropped. So a look-up is a look-up in a dictionary, without a lock or a list to
/// reorder, and what is hot is never dropped.
/// </summary>
internal sealed class HotCache<TKey, TValue>(long maxBytes) where TKey : notnull where TValue : class
{
    private readonly Lock _turn = new();
    private Generation _young = new();
    private Generation _old = new();

    public bool TryGet(TKey key, out TValue value)
    {
        if (_young.Entries.TryGetValue(key, out var entry))
        {
            value = entry.Value;
            return true;
        }
        if (_old.Entries.TryGetValue(key, out entry))
        {
            Put(key, entry);
            value = entry.Value;
            return true;
        }
        value = null!;
        return false;
    }

    /// <summary>Keeps a value that costs so many bytes, unless it alone would push out most of the rest.</summary>
    public void Put(TKey key, TValue value, long bytes)
    {
        if (bytes <= maxBytes / 8) Put(key, new HotValue(value, bytes));
    }

    private void Put(TKey key, HotValue entry)
    {
        lock (_turn)
        {
            if (_young.Bytes + entry.Bytes > maxBytes / 2)
            {
                _old = _young;
                _young = new Generation();
            }
            // What an overwritten entry cost stays counted: the bound holds, the generation merely ends sooner.
            _young.Bytes += entry.Bytes;
            _young.Entries[key] = entry;
        }
    }

    private sealed record HotValue(TValue Value, long Bytes);

    private sealed class Generation
    {
        public ConcurrentDictionary<TKey, HotValue> Entries { get; } = new();

        public long Bytes { get; set; }
    }
}
