using System.Net.Http.Headers;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// One Git service of one repository, as gitprotocol-http addresses it ("URL Format", "Smart Clients").
/// </summary>
/// <param name="Repository">Without a login, query or slash at its end.</param>
/// <param name="Login">What its requests carry; null for nothing.</param>
internal sealed record HttpTarget(Uri Repository, GitService Service, AuthenticationHeaderValue? Login)
{
    /// <summary>What the path of a discovery ends with, before and after a redirect; <see cref="DiscoveryQuery"/> follows.</summary>
    public const string DiscoveryPath = "/info/refs";

    public string ServiceName => Service switch
    {
        GitService.UploadPack => "git-upload-pack",
        GitService.ReceivePack => "git-receive-pack",
    };

    public string DiscoveryQuery => $"?service={ServiceName}";

    public Uri Discovery => new($"{Repository.AbsoluteUri}{DiscoveryPath}{DiscoveryQuery}");

    public static Uri WithoutSlash(Uri address) => new(address.AbsoluteUri.TrimEnd('/'));

    /// <summary>Without the login.</summary>
    public override string ToString() => $"{ServiceName} of {Repository.AbsoluteUri}";

    public HttpRequestMessage NewDiscovery()
    {
        var request = NewRequest(HttpMethod.Get, Discovery);
        request.Headers.Accept.ParseAdd("*/*");
        // What a cache on the way remembers of the refs is of no use.
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        request.Headers.Pragma.ParseAdd("no-cache");
        if (Service == GitService.UploadPack)
            AskForVersion2(request);
        return request;
    }

    /// <param name="inVersion2">Whether the body is a command of protocol version 2; a server that offered another must not take it for one.</param>
    public HttpRequestMessage NewCall(HttpContent body, bool inVersion2)
    {
        var request = NewRequest(HttpMethod.Post, new Uri($"{Repository.AbsoluteUri}/{ServiceName}"));
        request.Headers.Accept.ParseAdd($"application/x-{ServiceName}-result");
        body.Headers.ContentType = new MediaTypeHeaderValue($"application/x-{ServiceName}-request");
        request.Content = body;
        if (inVersion2)
            AskForVersion2(request);
        return request;
    }

    private HttpRequestMessage NewRequest(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        // Some hosts let only clients in that say they are git.
        request.Headers.UserAgent.ParseAdd($"git/{ClientName.Agent.Replace('/', '-')}");
        request.Headers.Authorization = Login;
        return request;
    }

    // gitprotocol-v2, "HTTP Transport".
    private static void AskForVersion2(HttpRequestMessage request) => request.Headers.Add("Git-Protocol", "version=2");
}
