using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Discovery;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Likeness.Libravatar.Tests;

/// <summary>Why there is an avatar or none: in results, logs, meters and traces.</summary>
public sealed class AvatarResultTests
{
    private static readonly Address Anne = Address.Email("anne@club.example");

    private readonly ListLogger<AvatarClient> _log = new();

    [Theory]
    [InlineData("HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n", AvatarStatus.None, null, null, "has no picture")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", AvatarStatus.Failed, FetchFailure.Status, null, "status 503")]
    [InlineData("nonsense\r\n\r\n", AvatarStatus.Failed, FetchFailure.Protocol, null, "HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", AvatarStatus.Refused, null, FetchRefusal.NotAnImage, "no JPEG")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: ftp://x.example/\r\nContent-Length: 0\r\n\r\n", AvatarStatus.Refused, null, FetchRefusal.Scheme, "Scheme")]
    public async Task A_result_says_what_the_server_did(string answer, AvatarStatus status, FetchFailure? failure, FetchRefusal? refusal, string words)
    {
        await using var server = StandInServer.Answering(answer);
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var result = await client.FetchAsync(Anne);

        (result.Status, result.Failure, result.Refusal, result.Image).ShouldBe((status, failure, refusal, null));
        result.Discovery.ShouldBe(DiscoveryStatus.Found);
        result.Server!.Text.ShouldBe($"http://avatars.example:{server.Port}");
        result.ToString().ShouldContain(words);
    }

    [Fact]
    public async Task A_result_says_that_nothing_listens_there()
    {
        int port;
        await using (var gone = StandInServer.Answering(""))
        {
            port = gone.Port;
        }

        await using var resolver = Zone(port);
        using var client = Create(resolver);

        (await client.FetchAsync(Anne)).Failure.ShouldBe(FetchFailure.Unreachable);
    }

    [Fact]
    public async Task A_result_says_that_the_domain_is_not_federated_or_DNS_is_broken()
    {
        var zone = new TestZone();
        await using var resolver = zone.Serve();
        using var client = Create(resolver);

        var none = await client.FetchAsync(Anne);
        zone.Code = 2;
        var broken = await client.FetchAsync(Address.Email("bob@school.example"));
        var local = await client.FetchAsync(Address.Email("root@localhost"));

        (none.Status, none.Discovery).ShouldBe((AvatarStatus.NotFederated, DiscoveryStatus.None));
        (broken.Status, broken.Discovery).ShouldBe((AvatarStatus.DnsFailed, DiscoveryStatus.Failed));
        (local.Status, local.Discovery).ShouldBe((AvatarStatus.NotFederated, DiscoveryStatus.NotAsked));
        none.Server.ShouldBeNull();
    }

    [Fact]
    public async Task A_location_says_why_it_is_the_fallbacks()
    {
        var zone = new TestZone()
            .With("_avatars-sec._tcp.club.example", DnsBytes.Srv(0, 0, 443, "avatars.example"))
            .With("_avatars-sec._tcp.absent.example", DnsBytes.Srv(0, 0, 0, ""));
        await using var resolver = zone.Serve();
        using var client = new AvatarClient(new AvatarClientOptions { Discovery = TestZone.Options(resolver) });

        var first = client.Locate(Anne);
        var own = await client.LocateAsync(Anne);
        var none = await client.LocateAsync(Address.Email("bob@school.example"));
        var absent = await client.LocateAsync(Address.Email("eve@absent.example"));
        zone.Code = 2;
        var broken = await client.LocateAsync(Address.Email("tom@broken.example"));

        (first.IsFallback, first.Discovery).ShouldBe((true, DiscoveryStatus.Pending));
        (own.IsFallback, own.Discovery, own.Server!.Text).ShouldBe((false, DiscoveryStatus.Found, "https://avatars.example"));
        new[] { none, absent, broken }.ShouldAllBe(location => location.IsFallback && location.Server == AvatarBase.LibravatarSecure);
        new[] { none, absent, broken }.Select(location => location.Discovery).ShouldBe([DiscoveryStatus.None, DiscoveryStatus.Absent, DiscoveryStatus.Failed]);
    }

    [Fact]
    public async Task A_failing_server_is_told_once_and_its_recovery_too()
    {
        var fails = true;
        await using var server = StandInServer.Answering(_ => fails ? Answers.Status(503) : Answers.Picture(Answers.Png));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        for (var size = 1; size <= 5; size++)
        {
            await client.FetchAsync(Anne, new AvatarUrlOptions { Size = size });
        }

        fails = false;
        await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 9 });
        await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 10 });

        _log.From(LogLevel.Information).ShouldBe(
        [
            $"The avatar server http://avatars.example:{server.Port} fails (HTTP status 503); further failures of it are not told until it works again.",
            $"The avatar server http://avatars.example:{server.Port} works again.",
        ]);
    }

    [Fact]
    public async Task A_resolver_that_is_left_alone_is_told()
    {
        await using var resolver = StandInResolver.Silent();
        var options = TestZone.Options(resolver);
        options.Resolver.MaxSilences = 1;
        options.Resolver.Deadline = TimeSpan.FromMilliseconds(1);
        options.Resolver.HeadStart = TimeSpan.Zero;
        using var client = new AvatarClient(new AvatarClientOptions { Discovery = options with { Timeout = TimeSpan.FromMinutes(1) } }, logger: _log);

        (await client.LocateAsync(Anne)).Discovery.ShouldBe(DiscoveryStatus.Failed);

        _log.From(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(resolver.EndPoint.ToString());
    }

    [Fact]
    public async Task No_address_and_no_hash_is_in_a_log_above_Debug_nor_in_a_meter_nor_in_a_trace()
    {
        // Traces are the process's: other tests' come while this one reads.
        var told = new ConcurrentQueue<string>();
        using var meters = new MeterListener();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AvatarClient.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => told.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {activity.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(traces);
        await using var server = StandInServer.Answering(request => Answers.Status(request.Contains("s=1 ", StringComparison.Ordinal) ? 503 : 404));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, client.Telemetry))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => told.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray())}"));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => told.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.Start();

        await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 1 });
        await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 2 });
        await client.FetchAsync(Address.Email("anne@school.example"));

        told.ShouldContain("likeness.avatars 1 [status, Failed]");
        told.ShouldContain("likeness.avatars 1 [status, None]");
        told.ShouldContain("likeness.avatars 1 [status, NotFederated]");
        told.ShouldContain("likeness.avatar.requests 1 [result, NotFound]");
        told.ShouldContain("likeness.discovery.lookups 1 [status, Found]");
        told.ShouldContain(line => line.StartsWith("avatar.fetch [likeness.status, Failed] [likeness.discovery, Found]", StringComparison.Ordinal));
        foreach (var line in told.Concat(_log.From(LogLevel.Information)))
        {
            line.ShouldNotContain("club.example");
            line.ShouldNotContain(Anne.Md5.Text);
        }

        _log.Lines.ShouldContain(line => line.Level == LogLevel.Debug && line.Text.Contains(Anne.Md5.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pictures_that_were_prefetched_are_there_at_once()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);
        Address[] people = [.. Enumerable.Range(0, 40).Select(number => Address.Email($"p{number}@club.example")), Address.Email("x@nowhere.example")];

        await client.PrefetchAsync([.. people, .. people], new AvatarUrlOptions { Size = 48 });

        server.Requests.Count.ShouldBe(40);
        foreach (var person in people.Take(40))
        {
            client.FetchAsync(person, new AvatarUrlOptions { Size = 48 }).IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    private static StandInResolver Zone(int port) =>
        new TestZone().With("_avatars._tcp.club.example", DnsBytes.Srv(0, 0, port, "avatars.example")).Serve();

    private AvatarClient Create(StandInResolver resolver) => new(
        new AvatarClientOptions { Scheme = SchemePolicy.Http, Fallback = FallbackPolicy.None, Discovery = TestZone.Options(resolver), Fetch = TestFetch.Options },
        logger: _log);
}
