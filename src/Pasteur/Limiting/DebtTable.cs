using Pasteur.Configuration;

namespace Pasteur.Limiting;

/// <summary>
/// What each network owes, in microseconds: every request adds to a debt that time pays off, as in the generic cell rate algorithm (ITU-T I.371).
/// <code>
/// shards   256 arrays, each with a lock and made when first needed
/// shard    128 sets of 8 slots; a network can be in any slot of one set
/// slot     the network, and for each of 3 kinds the moment at which nothing is owed any more: 32 bytes
/// </code>
/// So it holds 262,144 networks at most, in 8 MiB, and looks at 256 bytes for a request. A newcomer takes the slot of a network that owes nothing,
/// else of the one in its set that owes least: whoever owes most stays, however many addresses its sender has. Which set a network is in depends
/// on a number that is drawn at start: nobody can aim at a set.
/// </summary>
internal sealed class DebtTable
{
    public const int Kinds = 3;
    private const int Shards = 256, SetsOfShard = 128, SlotsOfSet = 8;

    private readonly Shard?[] _shards = new Shard?[Shards];
    private readonly ulong _first = EarlyRandom.Draw(), _second = EarlyRandom.Draw();

    /// <summary>Adds to a debt, unless it would then be more than <paramref name="most"/>.</summary>
    /// <returns>0 when added, else how long it takes until it can be.</returns>
    public long TryAdd(ulong network, int kind, long cost, long most, long now)
    {
        var hash = Hash(network);
        var shard = ShardOf(hash);
        lock (shard)
        {
            ref var owed = ref shard.FindOrTake(SetOf(hash), network, now).Owed[kind];
            var debt = Math.Max(owed - now, 0) + cost;
            if (debt > most) return debt - most;
            owed = now + debt;
            return 0;
        }
    }

    /// <summary>Adds to a debt whatever it is, up to <paramref name="most"/>.</summary>
    public void Add(ulong network, int kind, long cost, long most, long now)
    {
        var hash = Hash(network);
        var shard = ShardOf(hash);
        lock (shard)
        {
            ref var owed = ref shard.FindOrTake(SetOf(hash), network, now).Owed[kind];
            owed = now + Math.Min(Math.Max(owed - now, 0) + cost, most);
        }
    }

    public long Debt(ulong network, int kind, long now)
    {
        var hash = Hash(network);
        if (Volatile.Read(ref _shards[hash >> 56]) is not { } shard) return 0;
        lock (shard)
        {
            return Math.Max(shard.Find(SetOf(hash), network, kind) - now, 0);
        }
    }

    private Shard ShardOf(ulong hash)
    {
        ref var shard = ref _shards[hash >> 56];
        return Volatile.Read(ref shard) ?? Interlocked.CompareExchange(ref shard, new Shard(), null) ?? shard!;
    }

    private static int SetOf(ulong hash) => (int)(hash & (SetsOfShard - 1)) * SlotsOfSet;

    private ulong Hash(ulong network)
    {
        var x = (network ^ _first) * 0x9E37_79B9_7F4A_7C15;
        x = (x ^ (x >> 29) ^ _second) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 32)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }

    /// <summary>Also the lock of its slots.</summary>
    private sealed class Shard
    {
        private readonly Place[] _slots = new Place[SetsOfShard * SlotsOfSet];

        public long Find(int set, ulong network, int kind)
        {
            foreach (ref var slot in _slots.AsSpan(set, SlotsOfSet))
            {
                if (slot.Network == network) return slot.Owed[kind];
            }
            return 0;
        }

        public ref Place FindOrTake(int set, ulong network, long now)
        {
            var slots = _slots.AsSpan(set, SlotsOfSet);
            var least = 0;
            for (var i = 0; i < slots.Length; i++)
            {
                if (slots[i].Network == network) return ref slots[i];
                if (slots[i].Until < slots[least].Until) least = i;
            }
            // The debts of others must not become the newcomer's.
            slots[least] = new Place { Network = network };
            return ref slots[least];
        }
    }

    private struct Place
    {
        public ulong Network;
        public Moments Owed;

        /// <summary>When nothing of any kind is owed any more.</summary>
        public readonly long Until => Math.Max(Owed[0], Math.Max(Owed[1], Owed[2]));
    }

    [System.Runtime.CompilerServices.InlineArray(Kinds)]
    private struct Moments
    {
        private long _first;
    }
}
