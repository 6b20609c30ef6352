using Pasteur;
using Pasteur.Boot;
using Pasteur.Client;
using Pasteur.Configuration;

return VirtualMachine.OwnRole() switch
{
    VirtualMachine.Role.Machine => await VirtualMachine.RunAsync(args, settings => GuardAsync(() => ServeAsync(settings))),
    VirtualMachine.Role.PowerOffHelper => VirtualMachine.PassOn(),
    VirtualMachine.Role.None => await GuardAsync(RunAsync),
};

async Task<int> RunAsync()
{
    var commandLine = new CommandLine();
    var invocation = commandLine.Read(args, Environment.GetEnvironmentVariable);
    ProcessArguments.Hide(commandLine.Secrets);
    return invocation switch
    {
        Invocation.Show show => Show(show.Text),
        Invocation.Refused refused => Refuse(ExitCodes.Usage, refused.Problems),
        Invocation.Fsck fsck => FsckCommand.Run(fsck.DataFolder, Console.Out, CancellationToken.None),
        Invocation.Admin admin => await AdminCommand.RunAsync(admin, Console.Out, Console.Error, CancellationToken.None),
        Invocation.Keygen keygen => KeygenCommand.Run(keygen, Console.Out, Console.Error),
        Invocation.Put put => await PutCommand.RunAsync(put.Request, ClientConsole.OfProcess(), CancellationToken.None),
        Invocation.Get get => await GetCommand.RunAsync(get.Request, ClientConsole.OfProcess(), CancellationToken.None),
        Invocation.Delete delete => await DeleteCommand.RunAsync(delete.Request, ClientConsole.OfProcess(), CancellationToken.None),
        Invocation.Serve serve => await ServeAsync(serve.Settings),
        _ => throw new InvalidOperationException($"no command does {invocation}"),
    };
}

// What goes wrong is told on standard error, and by the exit code.
static async Task<int> GuardAsync(Func<Task<int>> command)
{
    try
    {
        return await command();
    }
    catch (StartFailedException e)
    {
        return Refuse(e.ExitCode, [e.Message]);
    }
    catch (Exception e)
    {
        return Refuse(ExitCodes.Internal, [$"a fault of the program; please report it with these lines: {e}"]);
    }
}

static int Show(string text)
{
    Console.Out.Write(text);
    return ExitCodes.Ok;
}

static int Refuse(int exitCode, IReadOnlyList<string> problems)
{
    foreach (var problem in problems)
        Console.Error.WriteLine($"pasteur: {problem}");
    return exitCode;
}

static async Task<int> ServeAsync(Settings settings)
{
    SocketActivation.Own(settings.Sockets);
    await using var site = await Site.StartAsync(settings, CancellationToken.None);
    if (site.TermbinAddress is { } termbin) Console.Out.WriteLine($"netcat is listened to at {termbin}");
    Console.Out.WriteLine($"The site is at {site.Address}");
    Console.Out.WriteLine($"Pastes are kept in {site.RepositoryPath ?? "memory"}{(settings.Remote is { } remote ? $" and pushed to {remote.Url}" : "")}");
    if (settings.Tls?.Source is CertificateSource.Authority { Acme.Server: var authority })
        Console.Out.WriteLine($"Certificates are those of {authority.Directory}{(authority.IsForTrial ? ", FOR TRIES ALONE: no browser trusts them; leave --production=false out for real ones" : "")}");
    await site.RunUntilStoppedAsync(CancellationToken.None);
    return ExitCodes.Ok;
}
