using System.Net;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>The multipart form (RFC 7578) that makes a paste; files are sent as they are read.</summary>
internal sealed class PutForm : IDisposable
{
    // A file's name is sent as UTF-8.
    private readonly MultipartFormDataContent _content = new() { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };

    private readonly List<PutInput> _read = [];

    public HttpContent Content => _content;

    /// <summary>It can be sent a second time.</summary>
    public bool IsRepeatable { get; private set; } = true;

    /// <summary>Before it is.</summary>
    public void Rewind()
    {
        foreach (var input in _read) input.Rewind();
    }

    public void Dispose() => _content.Dispose();

    public PutForm AddField(string name, string? value)
    {
        if (value is not null) Add($"name=\"{name}\"", new ByteArrayContent(Encoding.UTF8.GetBytes(value)));
        return this;
    }

    /// <param name="name">Null: as text without a name.</param>
    public PutForm AddFile(string? name, HttpContent content)
    {
        Add(name is null ? "name=\"paste\"" : $"name=\"file\"; filename=\"{Quoted(name)}\"", content);
        return this;
    }

    public async Task AddInputAsync(PutInput input)
    {
        if (input.Length is not null)
        {
            AddFile(input.Name, new InputContent(default, input));
            _read.Add(input);
            return;
        }
        var begin = await input.ReadAsync(Limits.MaxKeptInputBytes);
        var isWhole = begin.Length < Limits.MaxKeptInputBytes;
        IsRepeatable &= isWhole;
        AddFile(input.Name, isWhole ? new ReadOnlyMemoryContent(begin) : new InputContent(begin, input));
    }

    private void Add(string disposition, HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; {disposition}");
        _content.Add(content);
    }

    /// <summary>As browsers do (HTML section 4.10.21.8).</summary>
    private static string Quoted(string name) => name
        .Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    /// <param name="begin">What was read already; then comes the rest.</param>
    private sealed class InputContent(ReadOnlyMemory<byte> begin, PutInput input) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(begin, cancellationToken);
            await input.CopyToAsync(stream, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = input.Length ?? 0;
            return input.Length is not null;
        }
    }
}
