using System.Globalization;
using Pasteur.Bench;

return args switch
{
    ["fill", var folder, var pastes, var idsFile] => await FillAsync(folder, Number(pastes), idsFile, Workload.TextBytes),
    ["fill", var folder, var pastes, var idsFile, var textBytes] => await FillAsync(folder, Number(pastes), idsFile, Number(textBytes)),
    ["engine", var folder, var seconds, var writers] => Print(await EngineRun.MeasureAsync(folder, Seconds(seconds), Number(writers))),
    ["libgit2", var folder, var seconds] => Print(LibGit2Run.Measure(folder, Seconds(seconds))),
    ["fast-import", var folder, var seconds, var commits] => Print(await FastImportRun.MeasureAsync(folder, Seconds(seconds), Number(commits))),
    ["expire", var folder, var pastes] => Print(await ExpiryRun.MeasureAsync(folder, Number(pastes))),
    ["backlog", var folder, var commits] => Print(await BacklogRun.MeasureAsync(folder, Number(commits))),
    ["startup", var program, var data] => Print(await StartupRun.MeasureAsync(program, data)),
    ["first-fetch", var program, var remote] => Print(await FirstFetchRun.MeasureAsync(program, remote)),
    ["paste", var site, var pastes, var writers] => Print(await PasteRun.MeasureAsync(new Uri(site), Number(pastes), Number(writers), repository: null)),
    ["paste", var site, var pastes, var writers, var repository] => Print(await PasteRun.MeasureAsync(new Uri(site), Number(pastes), Number(writers), repository)),
    ["rate-limit", var networks] => Print(RateLimitRun.Measure(Number(networks))),
    ["count", var from, var to] => await new CountingProxy(Number(from), Number(to)).RunAsync(Console.In, Console.Out),
    ["soak", var program, var folder, var kills] => await new SoakRun(program, folder).RunAsync(Number(kills)) ? 0 : 1,
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static int Print(object figures)
{
    Console.WriteLine(figures);
    return 0;
}

static async Task<int> FillAsync(string folder, int pastes, string idsFile, int textBytes)
{
    var ids = await EngineRun.FillAsync(folder, pastes, textBytes);
    await File.WriteAllLinesAsync(idsFile, ids);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        The measuring program behind the commands in bench/. Figures come as a line: rate, p50, p99 and longest in ms, refused.

          fill FOLDER PASTES IDS_FILE [BYTES]  fills a repository through the engine
          engine FOLDER SECONDS WRITERS        durable commits through the engine
          libgit2 FOLDER SECONDS               the same through LibGit2Sharp, each commit synced
          fast-import FOLDER SECONDS COMMITS   the same through git fast-import, a checkpoint every so many commits, 0 for none
          backlog FOLDER COMMITS               prints commits, ms and MB of a push's plan, ms of a replay, longest wait beside it, pastes made
          expire FOLDER PASTES                 prints ms until the branch of so many pastes is gone and until their objects are, and ms of processor time
          startup PROGRAM DATA                 prints ms until the first answer, and MB held when idle
          first-fetch PROGRAM REMOTE           prints ms until ready without a folder, MB that this adds, and MB at the peak
          paste SITE PASTES WRITERS [REPOSITORY]
                                               pastes through HTTP; each must be in the repository when it is answered
          rate-limit NETWORKS                  prints MB held, and ns: of a write, by two threads, of a look, of a network never seen
          count PORT TO_PORT                   passes connections on; for each line that it is given, prints bytes to there, and back
          soak PROGRAM FOLDER KILLS            prints kills, pastes acknowledged, lost, times the repository was not sound
        """);
    return 64;
}
