using System.CommandLine;
using System.Net;

namespace Pasteur.Configuration;

/// <summary>
/// Makes <see cref="Settings"/> of the options and the environment: option before variable before default. Every
/// problem becomes one line that says what is wrong, where, and what to do. An empty variable counts as unset.
/// </summary>
internal sealed class SettingsReader(SettingList list, ParseResult options, Func<string, string?> environment, Habitat habitat = Habitat.Process)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Null when there are <see cref="Problems"/>.</summary>
    public Settings? Read()
    {
        var dataFolder = ReadDataFolder();
        var length = Get(list.Length);
        var expiryOn = Get(list.ExpiryOn);
        var dns = new DnsSettingsReader(list.Dns, this).Read(isHttps: GetSwitch(list.Tls.Https) && Find(list.Tls.CertFile) is null);
        var sockets = ReadSockets();
        var tls = OnSockets(new TlsSettingsReader(list.Tls, this).Read(dns), sockets);
        var settings = new Settings
        {
            Bind = tls is not null && Find(list.Bind) is null ? IPAddress.IPv6Any : Get(list.Bind)!,
            Port = tls is not null && Find(list.Port) is null ? Limits.HttpsPort : Get(list.Port),
            Sockets = sockets,
            Tls = tls,
            DataFolder = dataFolder,
            Remote = ReadRemote(inMemory: dataFolder is null, length, expiryOn),
            Branch = Get(list.Branch)!,
            MaxPasteBytes = Get(list.MaxSize),
            IdLength = length,
            Expiry = ReadExpiry(inMemory: dataFolder is null, expiryOn),
            Title = Get(list.Title)!,
            Subtitle = Get(list.Subtitle)!,
            Auth = GetGiven(list.Auth),
            BasePath = Get(list.BasePath)!,
            TrustedProxies = GetAll(list.TrustedProxies),
            TermbinPort = ReadTermbinPort(),
            Rates = new RateSettings(Get(list.Abuse.LimitWrites), Get(list.Abuse.LimitMisses), Get(list.Abuse.LimitBytes)),
            WorkBits = Get(list.Abuse.Challenge),
            MaxTotalBytes = Find(list.Abuse.MaxTotal) is null && dataFolder is null ? MemoryForPastes() : Get(list.Abuse.MaxTotal),
            IsReadOnly = GetSwitch(list.Abuse.ReadOnly),
            ForgetsDeleted = GetSwitch(list.Abuse.ForgetDeleted),
            AdminToken = ReadAdminToken(),
            LogLevel = Get(list.LogLevel),
            Machine = ReadMachine(),
        };
        return _problems.Count == 0 ? settings : null;
    }

    // Full is an answer; a machine that runs out of memory ends, and takes with it what is nowhere else.
    private static long MemoryForPastes() =>
        Math.Max(Limits.SmallestTotalInMemory, (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Limits.MemoryOfProgram) / Limits.MemoryOfAByte);

    // Where nothing may stay, what nobody speaks of lives as long as it may.
    private ExpirySettings ReadExpiry(bool inMemory, ExpiryOn on)
    {
        var (usual, max) = (Get(list.DefaultExpiry), Get(list.MaxExpiry));
        var hasRemote = Find(list.Remote) is not null;
        if (!hasRemote && Find(list.ExpiryOn) is { } idle) _problems.Add($"{idle.Name} needs a remote; give --remote URL too");
        if (hasRemote && inMemory && on == ExpiryOn.Local) _problems.Add($"{list.ExpiryOn.Name} local needs a disk to keep pastes on; give --data FOLDER, or {list.ExpiryOn.Name} none");
        var isTaken = !hasRemote || on != ExpiryOn.None;
        if (!isTaken && (usual ?? max) is not null && (Find(list.DefaultExpiry) ?? Find(list.MaxExpiry)) is { } useless)
            _problems.Add($"{useless.Name} {useless.Text} cannot be kept, since pastes that end are refused; give {list.ExpiryOn.Name} remote or local");
        if (max is null || usual <= max) return new ExpirySettings(usual, max) { IsTaken = isTaken };
        if (Find(list.DefaultExpiry) is { } given) _problems.Add($"{given.Name} \"{given.Text}\" is longer than {list.MaxExpiry.Name} allows; give at most {Quantity.FormatDuration(max.Value)}");
        return new ExpirySettings(max, max) { IsTaken = isTaken };
    }

    /// <summary>The folder to keep data in; null for memory, or when there are <see cref="Problems"/>.</summary>
    public string? ReadDataFolder()
    {
        var (data, noData) = (Find(list.Data), Find(list.NoData));
        var inMemory = noData is not null && Convert(list.NoData, noData);
        if (inMemory && data is not null && data.IsOption == noData!.IsOption)
        {
            _problems.Add($"{data.Name} and {noData.Name} contradict each other; give one of them");
            return null;
        }
        if (data is not null && (!inMemory || data.IsOption))
            return Convert(list.Data, data);
        return inMemory ? null : DefaultDataFolder();
    }

    private IReadOnlyList<InheritedSocket> ReadSockets()
    {
        var sockets = SocketActivation.Read(environment, Environment.ProcessId);
        if (!sockets.IsOk)
            _problems.Add(sockets.Problem);
        else if (sockets.Value.Count > 0 && (Find(list.Port) ?? Find(list.Bind)) is { } given)
            _problems.Add($"{given.Name} is of no use, as the program was started with a socket that listens on {sockets.Value[0].EndPoint}; leave it out, or start it without");
        return sockets.Value ?? [];
    }

    /// <summary>Plain HTTP is answered on the socket of its port; where there is none, the https one answers the authority alone.</summary>
    private TlsSettings? OnSockets(TlsSettings? tls, IReadOnlyList<InheritedSocket> sockets)
    {
        if (tls is null || sockets.Count == 0) return tls;
        if (sockets.All(socket => socket.IsOn(tls.HttpPort)))
            _problems.Add($"{list.Tls.Https.Name} needs a socket for https, and the program was started with none but that of plain HTTP; give it another ListenStream=");
        if (tls.HttpPort is null || sockets.Any(socket => socket.IsOn(tls.HttpPort))) return tls;
        if (Find(list.Tls.HttpPort) is { } given)
            _problems.Add($"{given.Name} {given.Text} is of no use, as the program was started with no socket that listens there; leave it out, or add a ListenStream=");
        return tls with { HttpPort = null };
    }

    private int? ReadTermbinPort()
    {
        if (Find(list.TermbinPort) is not { } given) return null;
        if (Find(list.Auth) is { } auth)
            _problems.Add($"{given.Name} lets everybody paste, but {auth.Name} asks for a password; leave one of them out");
        if (Find(list.Abuse.Challenge) is { } challenge && list.Abuse.Challenge.Parse(challenge.Text).Value > 0)
            _problems.Add($"{given.Name} lets everybody paste, but {challenge.Name} asks for work that netcat cannot do; leave one of them out");
        return Convert(list.TermbinPort, given);
    }

    private MachineSettings? ReadMachine()
    {
        var machine = new MachineSettingsReader(list, this);
        if (habitat == Habitat.Machine)
            return machine.Read();
        machine.RefuseAll();
        return null;
    }

    private RemoteSettings? ReadRemote(bool inMemory, int idLength, ExpiryOn expiryOn)
    {
        var ack = Find(list.Ack);
        var ackMode = ack is null ? (AckMode?)null : Convert(list.Ack, ack);
        var pullEvery = Get(list.PullEvery);
        var onRewind = Get(list.OnRewind);
        var given = GetGiven(list.Remote);
        var ssh = new SshSettingsReader(list, this).Read(given);
        var access = ReadHttpAccess();
        // 0: what was given is no length, and has its own line.
        var mustAckRemote = idLength is > 0 and < Limits.ShortestIdLengthForLocalAck;
        if (given is not { } url)
        {
            if (ackMode is AckMode.Remote && Find(list.Remote) is null)
                _problems.Add($"{ack!.Name} remote needs a remote; give --remote URL too");
            if (access.GivenAs is { } unused && Find(list.Remote) is null)
                _problems.Add($"{unused} needs a remote; give --remote URL too");
            return null;
        }
        CheckAccess(url, access);
        if (ackMode is AckMode.Local && mustAckRemote)
        {
            _problems.Add($"{ack!.Name} local is not safe with ids of {idLength} characters, as two servers could give the same id; "
                + $"give --length {Limits.ShortestIdLengthForLocalAck} or more, or --ack remote");
        }
        return new RemoteSettings
        {
            Url = url,
            ExpiryOn = expiryOn,
            Ack = ackMode ?? (mustAckRemote || inMemory ? AckMode.Remote : AckMode.Local),
            InboxAbove = Get(list.InboxAbove),
            PullEvery = pullEvery,
            OnRewind = onRewind,
            Ssh = ssh,
            Token = access.Token,
            Authorities = access.Authorities,
        };
    }

    private AdminToken? ReadAdminToken()
    {
        var (token, file) = (Find(list.Abuse.AdminToken), Find(list.Abuse.AdminTokenFile));
        if (token is not null && file is not null && token.IsOption == file.IsOption)
            _problems.Add($"{token.Name} and {file.Name} contradict each other; give one of them");
        return file is not null && (token is null || file.IsOption) ? Convert(list.Abuse.AdminTokenFile, file) : token is null ? null : Convert(list.Abuse.AdminToken, token);
    }

    private HttpAccess ReadHttpAccess()
    {
        var (token, file, ca) = (Find(list.RemoteToken), Find(list.RemoteTokenFile), Find(list.RemoteCa));
        var authorities = ca is null ? null : Convert(list.RemoteCa, ca);
        if (token is not null && file is not null && token.IsOption == file.IsOption)
        {
            _problems.Add($"{token.Name} and {file.Name} contradict each other; give one of them");
            return new HttpAccess(null, authorities, ca?.Name);
        }
        var usesFile = file is not null && (token is null || file.IsOption);
        var read = usesFile ? Convert(list.RemoteTokenFile, file!) : token is null ? null : Convert(list.RemoteToken, token);
        return new HttpAccess(read, authorities, (usesFile ? file : token)?.Name ?? ca?.Name);
    }

    private void CheckAccess(RemoteUrl url, HttpAccess access)
    {
        if (access.GivenAs is { } name && url is not RemoteUrl.Http)
            _problems.Add($"{name} is for http and https remotes alone; leave it out, or give --remote https://host/path");
        if (access.Token is not null && url is RemoteUrl.Http { Login.Password.Length: > 0 })
            _problems.Add($"{access.GivenAs} and the password in the remote's URL contradict each other; give one of them");
    }

    private string? DefaultDataFolder()
    {
        // The base directory specification: a relative XDG_DATA_HOME is invalid and ignored.
        if (environment("XDG_DATA_HOME") is { } xdg && Path.IsPathFullyQualified(xdg))
            return Path.Combine(xdg, "pasteur");
        if (environment("HOME") is { } home && Path.IsPathFullyQualified(home))
            return Path.Combine(home, ".local", "share", "pasteur");
        _problems.Add("HOME and XDG_DATA_HOME are not set, so there is no usual place for the data; give --data FOLDER (or --no-data)");
        return null;
    }

    public T? Get<T>(Setting<T> setting) => Find(setting) is { } given ? Convert(setting, given) : setting.Parse(setting.Default).Value;

    public T? GetGiven<T>(Setting<T> setting)
        where T : class => Find(setting) is { } given ? Convert(setting, given) : null;

    public bool GetSwitch(Setting<bool> setting) => Find(setting) is { } given && Convert(setting, given);

    /// <summary>All values of a setting that is repeatable.</summary>
    public IReadOnlyList<T> GetAll<T>(Setting<T> setting)
        where T : class
    {
        if (Find(setting) is not { } given)
            return [];
        const StringSplitOptions options = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. given.Text.Split(',', options).Select(text => Convert(setting, given with { Text = text })).OfType<T>()];
    }

    public void AddProblem(string problem) => _problems.Add(problem);

    private T? Convert<T>(Setting<T> setting, Given given)
    {
        var parsed = setting.Parse(given.Text);
        if (parsed.Problem is { } problem)
            _problems.Add($"{setting.Describe(given.Name, given.Text)} {problem}");
        return parsed.Value;
    }

    /// <summary>What was given, whether sound or not.</summary>
    public Given? Find(Setting setting)
    {
        // Several of a setting that is repeatable are one with commas between.
        if (options.GetResult(setting.Option) is { Implicit: false, Tokens: var tokens })
            return new Given(setting.Name, tokens.Count == 0 ? "1" : string.Join(',', tokens.Select(t => t.Value)), IsOption: true);
        return environment(setting.Variable) is { Length: > 0 } text ? new Given(setting.Variable, text, IsOption: false) : null;
    }

    /// <param name="GivenAs">The name of an option or variable that any of it came from.</param>
    private sealed record HttpAccess(HttpToken? Token, Authorities? Authorities, string? GivenAs);
}

/// <summary>A value as it was given: by an option, or by a variable.</summary>
internal sealed record Given(string Name, string Text, bool IsOption)
{
    /// <summary>The text may be a secret.</summary>
    public override string ToString() => Name;
}
