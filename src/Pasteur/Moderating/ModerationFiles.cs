using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pasteur.Configuration;

namespace Pasteur.Moderating;

/// <summary>
/// The lists on the disk, a JSON object a line:
/// <code>
/// moderation/reports.jsonl   {"time":"2026-05-01T12:00:00Z","paste":"7z3…","reason":"…"}    appended; written anew when some are taken off
/// moderation/blocked.jsonl   {"time":…,"sha256":"…","paste":"7z3…"}
/// moderation/bans.jsonl      {"network":"203.0.113.0/24","until":"…"}                       without "until" for ever
/// </code>
/// A line that is none, as a crash may leave it, is passed over.
/// </summary>
/// <param name="folder">The data folder; null keeps nothing.</param>
internal sealed class ModerationFiles(string? folder)
{
    public List<Report> LoadReports() =>
        Load("reports", line => Time(line, "time") is { } time && line.GetValueOrDefault("paste") is { } code ? new Report(time, code, line.GetValueOrDefault("reason") ?? "") : null);

    public List<BlockedContent> LoadBlocked() =>
        Load("blocked", line => Time(line, "time") is { } time && line.GetValueOrDefault("sha256") is { } digest ? new BlockedContent(digest, time, line.GetValueOrDefault("paste")) : null);

    public List<Ban> LoadBans() => Load("bans", line =>
        line.GetValueOrDefault("network") is { } network && AddressRange.Parse(network) is { IsOk: true } range ? new Ban(range.Value, Time(line, "until")) : null);

    /// <exception cref="IOException">It is not kept.</exception>
    public void Append(Report report)
    {
        if (folder is not null) PrivateFile.Append(PathOf("reports"), LineOf(report));
    }

    public void Save(IEnumerable<Report> reports) => Save("reports", reports.Select(LineOf));

    public void Save(IEnumerable<BlockedContent> blocked) =>
        Save("blocked", blocked.Select(content => Line(("time", Text(content.Time)), ("sha256", content.Digest), ("paste", content.Code))));

    public void Save(IEnumerable<Ban> bans) => Save("bans", bans.Select(ban => Line(("network", ban.Network.ToString()), ("until", ban.Until is { } until ? Text(until) : null))));

    private static string LineOf(Report report) => Line(("time", Text(report.Time)), ("paste", report.Code), ("reason", report.Reason));

    private void Save(string name, IEnumerable<string> lines)
    {
        if (folder is not null) PrivateFile.Write(PathOf(name), string.Concat(lines.Select(line => line + "\n")));
    }

    private string PathOf(string name) => Path.Combine(folder!, "moderation", name + ".jsonl");

    private List<T> Load<T>(string name, Func<Dictionary<string, string>, T?> read)
        where T : class
    {
        var items = new List<T>();
        if (folder is null || !File.Exists(PathOf(name))) return items;
        foreach (var text in File.ReadLines(PathOf(name)))
        {
            if (Read(text) is { } line && read(line) is { } item) items.Add(item);
        }
        return items;
    }

    private static Dictionary<string, string>? Read(string text)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            var line = new Dictionary<string, string>();
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName) continue;
                var name = json.GetString()!;
                if (json.Read() && json.TokenType == JsonTokenType.String) line[name] = json.GetString()!;
            }
            return line;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Line(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value is not null) json.WriteString(name, value);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(Dictionary<string, string> line, string name) =>
        line.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
