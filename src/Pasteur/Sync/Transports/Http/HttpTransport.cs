using System.Net;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>http:// and https://, the smart protocol of gitprotocol-http. Each conversation begins at the address that was given.</summary>
internal sealed class HttpTransport : Transport
{
    private readonly Uri _home;
    private readonly HttpSender _sender;
    private readonly HttpCredentials _credentials;
    private readonly HttpPause _pause;
    private readonly HttpCalls _calls;

    public HttpTransport(RemoteUrl.Http url, RemoteSettings settings, TimeProvider time)
    {
        _home = HttpTarget.WithoutSlash(url.Address);
        _sender = new HttpSender(settings.Authorities);
        _credentials = new HttpCredentials(_home, url.Login, settings.Token);
        _pause = new HttpPause(time);
        _calls = new HttpCalls(_sender, _credentials, _pause);
    }

    /// <exception cref="IOException">The server cannot be reached, is not one of Git, or says no.</exception>
    public override async ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken cancellationToken)
    {
        _pause.Respect();
        var repository = _home;
        for (var redirects = 0; redirects <= Limits.MaxRedirects; redirects++)
        {
            var target = new HttpTarget(repository, service, _credentials.First(repository));
            var (asked, answer) = await DiscoverAsync(target, cancellationToken);
            if (!HttpRedirect.Is(answer))
                return await OpenAsync(asked, answer, cancellationToken);
            using (answer)
                repository = Follow(asked, answer);
        }
        throw new IOException($"{_home.AbsoluteUri} redirects more than {Limits.MaxRedirects} times; check the remote's URL");
    }

    public override ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return base.DisposeAsync();
    }

    // With each login that is left to try, while the server asks for one.
    private async Task<(HttpTarget Target, HttpResponseMessage Answer)> DiscoverAsync(HttpTarget target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await _calls.DiscoverAsync(target, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || _credentials.Next(target, answer.Headers.WwwAuthenticate) is not { } login)
                return (target, answer);
            answer.Dispose();
            target = target with { Login = login };
        }
    }

    private async Task<GitConversation> OpenAsync(HttpTarget target, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            var advertisement = await _calls.OpenAsync(target, answer, $"application/x-{target.ServiceName}-advertisement", cancellationToken);
            _credentials.Use(target.Login);
            return new HttpConversation(target, _calls, answer, advertisement);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private Uri Follow(HttpTarget from, HttpResponseMessage answer)
    {
        try
        {
            return HttpRedirect.Follow(from, answer.Headers.Location);
        }
        catch (IOException e)
        {
            throw new IOException(_credentials.Mask(e.Message), e);
        }
    }
}
