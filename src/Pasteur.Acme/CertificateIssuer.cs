using System.Buffers.Text;
using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>One order from its beginning to its certificate (RFC 8555, section 7.4): order, authorizations, challenges, finalize, download.</summary>
internal sealed class CertificateIssuer(AcmeClient client, CertificateOrder wanted, AcmeClientOptions options)
{
    private readonly List<(IChallengeResponder Responder, PendingChallenge Challenge)> _prepared = [];

    public async Task<CertificateChain> RunAsync(CancellationToken cancellationToken)
    {
        var (address, order) = await OrderAsync(cancellationToken);
        try
        {
            await AuthorizeAsync(order, cancellationToken);
            order = await PollOrderAsync(address, order, "pending", cancellationToken);
            if (order.Status == "ready")
                order = await FinalizeAsync(address, order, cancellationToken);
        }
        finally
        {
            await CleanUpAsync();
        }
        if (order.Status != "valid" || order.Certificate is null)
            throw new IOException($"the authority has not issued the certificate: its order is \"{order.Status}\"");
        return Judge(await DownloadAsync(order.Certificate, cancellationToken));
    }

    private async Task<(Uri Address, AcmeOrder Order)> OrderAsync(CancellationToken cancellationToken)
    {
        var directory = await client.DirectoryAsync(cancellationToken);
        if (wanted.Profile is { } profile && !directory.Profiles.Contains(profile))
        {
            var offers = directory.Profiles.Count == 0 ? "it has none" : $"it has {string.Join(", ", directory.Profiles)}";
            throw new AcmeException(new AcmeProblem("urn:ietf:params:acme:error:invalidProfile", $"the authority knows no profile \"{profile}\"; {offers}", 0, null));
        }
        var replaced = directory.RenewalInfo is not null && wanted.Replaces is { } old ? AriCertificateId.Of(old) : null;
        AcmeAnswer answer;
        try
        {
            answer = await client.PostAsync(directory.NewOrder, Describe(replaced), cancellationToken);
        }
        // Whatever the authority has against what is replaced (RFC 9773, section 5: it has been already, or is nobody's), a new certificate is wanted.
        catch (AcmeException e) when (replaced is not null && !e.Problem.Is("rateLimited"))
        {
            answer = await client.PostAsync(directory.NewOrder, Describe(null), cancellationToken);
        }
        return (answer.Location ?? throw new IOException($"{answer.Asked.Host} does not say where the order is"), answer.Read(AcmeOrder.Of));
    }

    private byte[] Describe(string? replaced) => AcmeClient.Json(json =>
    {
        json.WriteStartArray("identifiers");
        foreach (var identifier in wanted.Identifiers)
        {
            json.WriteStartObject();
            json.WriteString("type", identifier.Type);
            json.WriteString("value", identifier.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (wanted.Profile is not null)
            json.WriteString("profile", wanted.Profile);
        if (replaced is not null)
            json.WriteString("replaces", replaced);
    });

    // All answers are ready before the authority is asked to look at the first: a wildcard and its name share a place in the DNS.
    private async Task AuthorizeAsync(AcmeOrder order, CancellationToken cancellationToken)
    {
        var asked = new List<(Uri Authorization, AcmeIdentifier Identifier, Uri Challenge)>();
        foreach (var address in order.Authorizations)
        {
            var answer = await client.FetchAsync(address, cancellationToken);
            var (authorization, isWildcard) = answer.Read(d => (AcmeAuthorization.Of(d), d.TryGetProperty("wildcard", out var w) && w.ValueKind == JsonValueKind.True));
            if (authorization.Status == "valid")
                continue;
            var identifier = AcmeIdentifier.Of((isWildcard ? "*." : "") + authorization.Name);
            asked.Add((address, identifier, await PrepareAsync(authorization, identifier, cancellationToken)));
        }
        foreach (var (_, _, challenge) in asked)
            await client.PostAsync(challenge, "{}"u8.ToArray(), cancellationToken);
        foreach (var (address, identifier, _) in asked)
            await AwaitValidationAsync(address, identifier, cancellationToken);
    }

    private async Task<Uri> PrepareAsync(AcmeAuthorization authorization, AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        if (authorization.Status != "pending")
            throw Refusal(authorization.Error, "unauthorized", $"the authority's answer is \"{authorization.Status}\"", identifier);
        foreach (var responder in wanted.Responders.Where(r => r.CanAnswer(identifier)))
        {
            if (authorization.Challenges.FirstOrDefault(c => c.Type == responder.Type) is not { } challenge)
                continue;
            var pending = new PendingChallenge(identifier, challenge.Token, client.KeyAuthorization(challenge.Token));
            _prepared.Add((responder, pending));
            if (await responder.PrepareAsync(pending, cancellationToken) is { } problem)
                throw new IOException($"{identifier}: {problem}");
            return challenge.Url;
        }
        var offered = string.Join(", ", authorization.Challenges.Select(c => c.Type));
        throw Refusal(null, "unsupportedChallenge", $"the authority offers {(offered.Length > 0 ? offered : "no challenge")}, none of which can be answered here", identifier);
    }

    private async Task AwaitValidationAsync(Uri address, AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        var authorization = await PollAsync(address, AcmeAuthorization.Of, a => a.Status != "pending", $"looked at {identifier}", cancellationToken);
        if (authorization.Status != "valid")
            throw Refusal(authorization.Error, "unauthorized", $"the authority's answer is \"{authorization.Status}\"", identifier);
    }

    private async Task<AcmeOrder> FinalizeAsync(Uri address, AcmeOrder order, CancellationToken cancellationToken)
    {
        var request = SigningRequest.Create(wanted.Identifiers, wanted.Key);
        var answer = await client.PostAsync(order.Finalize, AcmeClient.Json(json => json.WriteString("csr", Base64Url.EncodeToString(request))), cancellationToken);
        return await PollOrderAsync(address, answer.Read(AcmeOrder.Of), "processing", cancellationToken);
    }

    private async Task<AcmeOrder> PollOrderAsync(Uri address, AcmeOrder order, string waiting, CancellationToken cancellationToken)
    {
        if (order.Status == waiting)
            order = await PollAsync(address, AcmeOrder.Of, o => o.Status != waiting, "worked on the order", cancellationToken);
        return order.Status == "invalid" ? throw Refusal(order.Error, "orderInvalid", "the authority has given the order up", null) : order;
    }

    private async Task<T> PollAsync<T>(Uri address, Func<JsonElement, T> make, Func<T, bool> isDone, string what, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        for (var pause = AcmeLimits.FirstPoll; ; pause = Shorter(pause * 2, AcmeLimits.LongestPoll))
        {
            var answer = await client.FetchAsync(address, cancellationToken);
            var state = answer.Read(make);
            if (isDone(state))
                return state;
            if (options.Time.GetElapsedTime(started) > AcmeLimits.PollTimeout)
                throw new IOException($"the authority has not {what} within {AcmeLimits.PollTimeout.TotalMinutes:0} minutes");
            await Task.Delay(Shorter(answer.RetryAfter ?? pause, AcmeLimits.LongestPoll), options.Time, cancellationToken);
        }
    }

    private async Task<CertificateChain> DownloadAsync(Uri address, CancellationToken cancellationToken)
    {
        var answer = await client.FetchAsync(address, cancellationToken);
        var usual = CertificateChain.Read(answer.Body);
        if (wanted.PreferredRoot is not { } root || usual.Root == root)
            return usual;
        foreach (var alternate in answer.LinksOf("alternate").Take(AcmeLimits.MaxAlternateChains))
        {
            var chain = CertificateChain.Read((await client.FetchAsync(alternate, cancellationToken)).Body);
            if (chain.Root == root)
            {
                usual.Dispose();
                return chain;
            }
            chain.Dispose();
        }
        options.OnEvent($"the authority has no chain to \"{root}\"; its usual one to \"{usual.Root}\" is used");
        return usual;
    }

    private CertificateChain Judge(CertificateChain chain)
    {
        if (chain.Problem(wanted.Identifiers, wanted.Key) is not { } problem)
            return chain;
        chain.Dispose();
        throw new IOException(problem);
    }

    // Even when all was given up: nothing that was published stays.
    private async Task CleanUpAsync()
    {
        using var patience = new CancellationTokenSource(AcmeLimits.CleanUpTimeout, options.Time);
        foreach (var (responder, challenge) in _prepared)
        {
            try
            {
                await responder.CleanUpAsync(challenge, patience.Token);
            }
            catch (OperationCanceledException)
            {
                options.OnEvent($"{challenge.Identifier}: the answer to the challenge could not be taken away in time");
            }
        }
    }

    private static AcmeException Refusal(AcmeProblem? told, string type, string detail, AcmeIdentifier? subject)
    {
        var problem = told ?? new AcmeProblem("urn:ietf:params:acme:error:" + type, detail, 0, null);
        return new AcmeException(problem with { Subject = problem.Subject ?? subject?.Value });
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
