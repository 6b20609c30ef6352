using System.Net;
using Pasteur.Git;

namespace Pasteur.Configuration;

/// <summary>Everything that a user can decide, checked. Made once at start by <see cref="SettingsReader"/>.</summary>
internal sealed record Settings
{
    public required IPAddress Bind { get; init; }

    /// <summary>0 lets the system pick a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Listened on in place of address and port, when the program was started with some.</summary>
    public IReadOnlyList<InheritedSocket> Sockets { get; init; } = [];
    /// <summary>Null: the site speaks plain HTTP.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Null: everything is kept in memory.</summary>
    public required string? DataFolder { get; init; }

    /// <summary>Null: the repository in the data folder is all there is.</summary>
    public required RemoteSettings? Remote { get; init; }

    /// <summary>The branch that keeps pastes, here and on the remote; "main", not "refs/heads/main".</summary>
    public required string Branch { get; init; }

    public required int MaxPasteBytes { get; init; }

    public required int IdLength { get; init; }

    public ExpirySettings Expiry { get; init; } = ExpirySettings.None;

    public required string Title { get; init; }

    public required string Subtitle { get; init; }

    /// <summary>Null: the site is open to whoever reaches it.</summary>
    public required BasicCredentials? Auth { get; init; }

    /// <summary>What stands before every path of the site: empty, or "/paste" without a slash at its end.</summary>
    public required string BasePath { get; init; }

    /// <summary>Who may say what a request was before it came to us.</summary>
    public IReadOnlyList<TrustedProxy> TrustedProxies { get; init; } = [];

    /// <summary>Null: nobody listens for netcat.</summary>
    public int? TermbinPort { get; init; }

    public RateSettings Rates { get; init; } = RateSettings.None;

    /// <summary>The work that is asked for before a paste; 0: none.</summary>
    public int WorkBits { get; init; }

    /// <summary>What the repository may take; null: as much as the disk has.</summary>
    public long? MaxTotalBytes { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>What owners delete goes from the history too.</summary>
    public bool ForgetsDeleted { get; init; }

    /// <summary>Null: there is no /admin.</summary>
    public AdminToken? AdminToken { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>Null: it is an ordinary process, and the system has seen to all that.</summary>
    public MachineSettings? Machine { get; init; }
}

/// <summary>The repository elsewhere that is fed, and how.</summary>
internal sealed record RemoteSettings
{
    public required RemoteUrl Url { get; init; }

    public required AckMode Ack { get; init; }

    public ExpiryOn ExpiryOn { get; init; } = ExpiryOn.Remote;

    /// <summary>Files of the branch, beyond which pastes go to an inbox; 0: never.</summary>
    public int InboxAbove { get; init; } = Limits.InboxAbove;

    public required TimeSpan PullEvery { get; init; }

    public required RewindPolicy OnRewind { get; init; }

    /// <summary>For a remote over SSH.</summary>
    public SshSettings Ssh { get; init; } = new();

    /// <summary>For an http remote, in place of a password or beside a user; null without one.</summary>
    public HttpToken? Token { get; init; }

    /// <summary>Trusted for an https remote beside the system's; null for those of the system alone.</summary>
    public Authorities? Authorities { get; init; }
}
