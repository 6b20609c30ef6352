using System.Net;
using System.Net.Http.Headers;

namespace Pasteur.Acme;

/// <summary>Requests of RFC 8555, section 6: signed, with a nonce each, and again when the nonce was refused.</summary>
/// <param name="http">Connections that are handed in; not disposed here. They follow no redirect.</param>
internal sealed class AcmeTransport(HttpMessageInvoker http, string userAgent, TimeProvider time)
{
    private readonly Stack<string> _nonces = new();
    private readonly Lock _lock = new();
    private Uri? _newNonce;

    /// <summary>Where nonces come from; known once the directory was read.</summary>
    public void UseNoncesOf(Uri newNonce) => _newNonce = newNonce;

    /// <exception cref="AcmeException">It says no.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public async Task<AcmeAnswer> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return Demand(await SendAsync(request, cancellationToken));
    }

    /// <summary>Signs and sends; <paramref name="sign"/> is called anew for each nonce.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<AcmeAnswer> PostAsync(Uri url, Func<RequestLine, byte[]> sign, CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            var line = new RequestLine(url, TakeNonce() ?? await FetchNonceAsync(cancellationToken));
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(sign(line)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(JsonWebSignature.MediaType);
            var answer = await SendAsync(request, cancellationToken);
            // The refusal brings a nonce that is good (RFC 8555, section 6.5).
            if (answer.Status != (int)HttpStatusCode.BadRequest || retries == AcmeLimits.MaxNonceRetries || !AcmeProblem.Read(answer.Body, answer.Status).Is("badNonce"))
                return Demand(answer);
        }
    }

    private static AcmeAnswer Demand(AcmeAnswer answer) => answer.Status switch
    {
        >= 200 and < 300 => answer,
        >= 400 => throw new AcmeException(AcmeProblem.Read(answer.Body, answer.Status), answer.RetryAfter),
        var other => throw new IOException($"{answer.Asked.Host} answers {answer.Asked.AbsolutePath} with {other}; is the address that of an ACME directory?"),
    };

    private string? TakeNonce()
    {
        lock (_lock)
            return _nonces.TryPop(out var nonce) ? nonce : null;
    }

    // RFC 8555, section 7.2.
    private async Task<string> FetchNonceAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _newNonce ?? throw new InvalidOperationException("the directory comes first"));
        Demand(await SendAsync(request, cancellationToken));
        return TakeNonce() ?? throw new IOException($"{_newNonce.Host} gives no nonce");
    }

    private async Task<AcmeAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static p => ((CancellationTokenSource)p!).Cancel(), patience, AcmeLimits.RequestTimeout, Timeout.InfiniteTimeSpan);
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        var url = request.RequestUri!;
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            var body = await ReadBodyAsync(response, patience.Token);
            var answer = AcmeAnswer.Of(response, body, url, time.GetUtcNow());
            Keep(answer.Nonce);
            return answer;
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"{url.Authority} cannot be reached: {e.GetBaseException().Message}", e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{url.Authority} did not answer within {AcmeLimits.RequestTimeout.TotalSeconds:0} s");
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > AcmeLimits.MaxAnswerBytes)
                throw new IOException($"{response.RequestMessage?.RequestUri?.Authority} answers with more than {AcmeLimits.MaxAnswerBytes} bytes");
        }
        return bytes.ToArray();
    }

    private void Keep(string? nonce)
    {
        lock (_lock)
        {
            if (nonce is not null && _nonces.Count < AcmeLimits.MaxKeptNonces)
                _nonces.Push(nonce);
        }
    }
}
