using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Pasteur.Acme;

namespace Pasteur.Interop.Tls;

/// <summary>A web server that answers http-01 and nothing else.</summary>
internal sealed class HttpAnswers : IChallengeResponder, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _answers = [];
    private readonly WebApplication _app;

    private HttpAnswers(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync(_answers.GetValueOrDefault(context.Request.Path.Value!.Split('/')[^1], "")));
    }

    public string Type => "http-01";

    public static async Task<HttpAnswers> StartAsync(int port)
    {
        var answers = new HttpAnswers(port);
        await answers._app.StartAsync(TestContext.Current.CancellationToken);
        return answers;
    }

    public bool CanAnswer(AcmeIdentifier identifier) => true;

    public Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        _answers[challenge.Token] = challenge.KeyAuthorization;
        return Task.FromResult<string?>(null);
    }

    public Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken) => Task.FromResult(_answers.TryRemove(challenge.Token, out _));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
