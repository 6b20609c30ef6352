using System.Diagnostics;
using System.Security.Cryptography;

namespace Pasteur.Bench;

/// <summary>
/// Kills the site at random moments under writers, again and again, and looks each time whether stock git finds the repository
/// sound and whether every paste that was acknowledged is still there, byte for byte.
/// </summary>
internal sealed class SoakRun(string program, string folder)
{
    private const int Writers = 64;

    // A new folder after so many kills: git fsck looks at everything, and would take longer from kill to kill.
    private const int KillsPerFolder = 10;

    // One kill in so many falls into the start itself, when the site recovers what the last kill has left.
    private const int StartKillEvery = 5;
    private const int LatestStartKillMilliseconds = 120;
    private const int LatestKillMilliseconds = 900;

    private readonly List<Acknowledged> _all = [];
    private int _kills;
    private long _acknowledged;
    private long _lost;
    private int _unsound;

    /// <summary>True when nothing was lost and every look of git found the repository sound.</summary>
    public async Task<bool> RunAsync(int kills)
    {
        while (_kills < kills)
        {
            var data = Directory.CreateDirectory(Path.Combine(folder, $"data-{_kills}")).FullName;
            _all.Clear();
            for (var i = 0; i < KillsPerFolder && _kills < kills; i++) await KillOnceAsync(data);
            await CheckAllAsync(data);
            Directory.Delete(data, recursive: true);
            Console.Error.WriteLine($"{_kills} kills, {_acknowledged} acknowledged, {_lost} lost, {_unsound} times unsound");
        }
        Console.WriteLine($"{_kills} {_acknowledged} {_lost} {_unsound}");
        return _lost == 0 && _unsound == 0;
    }

    private async Task KillOnceAsync(string data)
    {
        _kills++;
        using var site = SiteProcess.Start(program, data);
        if (_kills % StartKillEvery == 0)
        {
            await Task.Delay(Random.Shared.Next(LatestStartKillMilliseconds));
            await site.KillAsync();
        }
        else
        {
            var address = await site.AddressAsync();
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(_ => WriteAsync(address, stop.Token)).ToArray();
            await Task.Delay(Random.Shared.Next(LatestKillMilliseconds));
            await site.KillAsync();
            await stop.CancelAsync();
            foreach (var pastes in await Task.WhenAll(writers)) _all.AddRange(pastes);
        }
        await FsckAsync(data);
    }

    /// <summary>Pastes until the connection breaks, and tells what was acknowledged until then.</summary>
    private static async Task<IReadOnlyList<Acknowledged>> WriteAsync(Uri site, CancellationToken cancellationToken)
    {
        var acknowledged = new List<Acknowledged>();
        using var client = new HttpClient { BaseAddress = site };
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var text = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 6000));
                using var answer = await client.PutAsync("/", new ByteArrayContent(text), cancellationToken);
                if (!answer.IsSuccessStatusCode) continue;
                var address = await answer.Content.ReadAsStringAsync(cancellationToken);
                acknowledged.Add(new Acknowledged(address.Trim().Split('/')[^1], BlobId(text)));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The site is killed: what was not answered was not promised.
        }
        return acknowledged;
    }

    /// <summary>Starts the site once more and asks it, then git, for every paste of this folder.</summary>
    private async Task CheckAllAsync(string data)
    {
        using var site = SiteProcess.Start(program, data);
        using var client = new HttpClient { BaseAddress = await site.AddressAsync() };
        var missing = new HashSet<Acknowledged>();
        await Parallel.ForEachAsync(_all, async (paste, cancellationToken) =>
        {
            using var answer = await client.GetAsync($"/raw/{paste.Id}", cancellationToken);
            if (answer.IsSuccessStatusCode && BlobId(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) == paste.Blob) return;
            lock (missing) missing.Add(paste);
        });
        if (await site.StopAsync() != 0) _unsound++;
        await FsckAsync(data);
        var listing = await GitAsync(data, "ls-tree", "-r", "main");
        var held = listing.Output.Split('\n').Where(line => line.Length > 0).Select(Parse).ToHashSet();
        missing.UnionWith(_all.Where(paste => !held.Contains(paste)));
        _acknowledged += _all.Count;
        _lost += missing.Count;
    }

    private async Task FsckAsync(string data)
    {
        if (!Directory.Exists(RepositoryOf(data))) return; // killed before it had one
        var (exitCode, output) = await GitAsync(data, "fsck", "--strict");
        if (exitCode == 0) return;
        _unsound++;
        Console.Error.WriteLine($"kill {_kills}: git fsck: {output}");
    }

    // MODE blob ID TAB a/b/c/PASTE/NAME
    private static Acknowledged Parse(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var path = line[(tab + 1)..].Split('/');
        return new Acknowledged(path[^Math.Min(2, path.Length)], line[..tab].Split(' ')[2]);
    }

    // SHA-1 is Git's name of the content: "blob SIZE NUL CONTENT".
    private static string BlobId(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string RepositoryOf(string data) => Path.Combine(data, "pastes.git");

    private static async Task<(int ExitCode, string Output)> GitAsync(string data, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", RepositoryOf(data), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        var errors = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return (git.ExitCode, output + await errors);
    }

    private sealed record Acknowledged(string Id, string Blob);
}
