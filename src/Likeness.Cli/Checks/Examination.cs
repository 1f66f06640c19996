using System.Net;
using System.Runtime.CompilerServices;
using Likeness.Cli.Checks.Connections;
using Likeness.Cli.Checks.Names;
using Likeness.Cli.Checks.Protocol;
using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks;

/// <summary>Looks at names, connections and servers in this order, as far as each leads (L-8C).</summary>
internal sealed class Examination(Reach reach, TimeProvider time)
{
    private const int MaxServers = 6;
    private const int MaxAddresses = 4;

    public IAsyncEnumerable<Finding> Run(CheckTarget target, CancellationToken cancellationToken) =>
        target.Server is { } server ? OfServer(server, cancellationToken) : OfDomain(target.Domain!, target.Person, cancellationToken);

    private async IAsyncEnumerable<Finding> OfDomain(string domain, Address? person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var resolver = new DnsResolver(reach.Resolver);
        var observed = await new DomainObserver(reach, resolver).Observe(domain, person is not null, cancellationToken);
        foreach (var finding in CheckList.Names.SelectMany(check => check.Judge(observed)))
        {
            yield return finding;
        }

        var servers = observed.Services.SelectMany(DomainObserver.ServersOf, (service, server) => (server.Host, server.Port, service.IsSecure)).Distinct().Take(MaxServers).ToList();
        foreach (var (host, port, isSecure) in servers)
        {
            var addresses = observed.Targets.FirstOrDefault(target => target.Host == host)?.Addresses.Addresses ?? [];
            await foreach (var finding in At(new Uri($"{(isSecure ? "https" : "http")}://{host}:{port}"), addresses.Where(reach.MayConnect), person, false, cancellationToken))
            {
                yield return finding;
            }
        }

        if (servers.Count == 0 && person is not null)
        {
            yield return Finding.Ok("fallback", domain, $"Clients look at {AvatarBase.LibravatarSecure}.");
            using var probe = new ServerProbe(AvatarBase.LibravatarSecure, person, reach, time);
            await foreach (var finding in Ask(probe, CheckList.People, cancellationToken))
            {
                yield return finding;
            }
        }
    }

    private async IAsyncEnumerable<Finding> OfServer(AvatarBase server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var url = new Uri(server.Text);
        var addresses = await reach.AddressesOf(url.IdnHost, cancellationToken);
        if (addresses.Count == 0)
        {
            yield return Finding.Wrong("target-no-address", url.IdnHost, "It has no address.", "Correct the name, or add an A or AAAA record.");
        }

        await foreach (var finding in At(url, addresses, null, true, cancellationToken))
        {
            yield return finding;
        }
    }

    private async IAsyncEnumerable<Finding> At(Uri url, IEnumerable<IPAddress> addresses, Address? person, bool isNamed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var observer = new ConnectionObserver(reach);
        var works = false;
        foreach (var address in addresses.Take(MaxAddresses))
        {
            var connection = await observer.Observe(url.IdnHost, new IPEndPoint(address, url.Port), url.Scheme == Uri.UriSchemeHttps, cancellationToken);
            works |= connection.Failure is null && connection.Handshake is null or { Failure: null };
            foreach (var finding in CheckList.Connections.SelectMany(check => check.Judge(connection, time.GetUtcNow())))
            {
                yield return finding;
            }
        }

        if (works)
        {
            using var probe = new ServerProbe(AvatarBase.Parse(url.AbsoluteUri), person, reach, time, isNamed);
            await foreach (var finding in Ask(probe, CheckList.Servers, cancellationToken))
            {
                yield return finding;
            }
        }
    }

    private static async IAsyncEnumerable<Finding> Ask(ServerProbe probe, IReadOnlyList<IProtocolCheck> checks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = await probe.Get(probe.Stranger.Text, cancellationToken);
        if (first is { Failure: { } failure, Redirects.Count: 0 })
        {
            yield return Finding.Wrong("http-failed", probe.Subject, $"It does not answer: {failure}", "Let the avatar server, and no other program, listen there.");
            yield break;
        }

        if (!first.IsPicture && !(await probe.Get($"{probe.Stranger}?d=identicon", cancellationToken)).IsPicture)
        {
            yield return Finding.Wrong("no-avatars", probe.Subject, $"It answers, but not with avatars: {first.Target} gives {first.Shown}.", "Let the avatar server listen there, or let the web server pass /avatar/ on to it.");
            yield break;
        }

        foreach (var check in checks)
        {
            var isFine = true;
            await foreach (var finding in check.Run(probe, cancellationToken))
            {
                isFine = false;
                yield return finding;
            }

            if (isFine && check.Fine is var (id, text))
            {
                yield return Finding.Ok(id, probe.Subject, text);
            }
        }
    }
}
