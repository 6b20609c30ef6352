using System.Net;
using System.Security.Cryptography;
using Pasteur.Configuration;

namespace Pasteur.Moderating;

/// <summary>What whoever runs the site knows and has decided: pastes that were reported, content that is not wanted, networks that may not write.</summary>
internal sealed class Moderation
{
    private readonly Lock _lock = new();
    private readonly ModerationFiles _files;
    private readonly TimeProvider _time;
    private readonly List<Report> _reports;
    private readonly Dictionary<string, BlockedContent> _blocked;

    private volatile int _version;

    /// <summary>Replaced whole: every write looks at it.</summary>
    private volatile Ban[] _bans;

    /// <param name="folder">The data folder; null keeps the lists in memory.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public Moderation(string? folder, TimeProvider time)
    {
        _files = new ModerationFiles(folder);
        _time = time;
        _reports = _files.LoadReports();
        _blocked = _files.LoadBlocked().DistinctBy(content => content.Digest).ToDictionary(content => content.Digest);
        _bans = [.. _files.LoadBans()];
    }

    public IReadOnlyList<Report> Reports
    {
        get
        {
            lock (_lock) return [.. _reports];
        }
    }

    public IReadOnlyList<BlockedContent> Blocked
    {
        get
        {
            lock (_lock) return [.. _blocked.Values];
        }
    }

    /// <summary>Another one whenever other content is blocked than before.</summary>
    public int BlockedVersion => _version;

    /// <summary>Those whose time is not over.</summary>
    public IReadOnlyList<Ban> Bans => [.. _bans.Where(IsInForce)];

    /// <summary>False when too many wait already; of one paste, more than a few say nothing new and are not kept.</summary>
    /// <exception cref="IOException">It is not kept.</exception>
    public bool AddReport(string code, string reason)
    {
        lock (_lock)
        {
            if (_reports.Count(report => report.Code == code) >= Limits.MaxReportsOfPaste) return true;
            if (_reports.Count >= Limits.MaxReports) return false;
            var report = new Report(_time.GetUtcNow(), code, reason);
            _files.Append(report);
            _reports.Add(report);
            return true;
        }
    }

    /// <returns>How many there were of it.</returns>
    public int DropReports(string code)
    {
        lock (_lock)
        {
            var left = _reports.Where(report => report.Code != code).ToList();
            var dropped = _reports.Count - left.Count;
            if (dropped == 0) return 0;
            _files.Save(left);
            _reports.Clear();
            _reports.AddRange(left);
            return dropped;
        }
    }

    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public bool IsBlocked(ReadOnlyMemory<byte> content)
    {
        lock (_lock)
        {
            if (_blocked.Count == 0) return false;
        }
        var digest = DigestOf(content.Span);
        lock (_lock) return _blocked.ContainsKey(digest);
    }

    /// <returns>False when there are too many.</returns>
    public bool Block(string digest, string? code)
    {
        lock (_lock)
        {
            if (_blocked.ContainsKey(digest)) return true;
            if (_blocked.Count >= Limits.MaxBlocked) return false;
            var content = new BlockedContent(digest, _time.GetUtcNow(), code);
            _files.Save(_blocked.Values.Append(content));
            _blocked.Add(digest, content);
            _version++;
            return true;
        }
    }

    public bool Unblock(string digest)
    {
        lock (_lock)
        {
            if (!_blocked.ContainsKey(digest)) return false;
            _files.Save(_blocked.Values.Where(content => content.Digest != digest));
            _version++;
            return _blocked.Remove(digest);
        }
    }

    public bool IsBanned(IPAddress? client)
    {
        if (client is null) return false;
        foreach (var ban in _bans)
        {
            if (IsInForce(ban) && ban.Network.Contains(client)) return true;
        }
        return false;
    }

    /// <param name="time">Null: for ever.</param>
    /// <returns>False when there are too many.</returns>
    public bool AddBan(AddressRange network, TimeSpan? time)
    {
        lock (_lock)
        {
            var others = _bans.Where(ban => IsInForce(ban) && ban.Network != network).ToList();
            if (others.Count >= Limits.MaxBans) return false;
            SetBans([.. others, new Ban(network, time is { } until ? _time.GetUtcNow() + until : null)]);
            return true;
        }
    }

    public bool RemoveBan(AddressRange network)
    {
        lock (_lock)
        {
            if (!_bans.Any(ban => IsInForce(ban) && ban.Network == network)) return false;
            SetBans([.. _bans.Where(ban => IsInForce(ban) && ban.Network != network)]);
            return true;
        }
    }

    private void SetBans(Ban[] bans)
    {
        _files.Save(bans);
        _bans = bans;
    }

    private bool IsInForce(Ban ban) => ban.Until is null || ban.Until > _time.GetUtcNow();
}
