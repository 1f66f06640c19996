using System.Net;
using System.Net.Sockets;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Resolving;

[Trait("Requirement", "L-88")]
public sealed class DnsResolverTests
{
    private const string Name = "_avatars._tcp.example.org";

    [Fact]
    public async Task Records_of_the_question_are_found()
    {
        await using var server = new StandInResolver(asked => [DnsBytes.Reply(asked, DnsBytes.Srv(1, 2, 3, "a.example", 60), DnsBytes.Srv(1, 2, 3, "b.example", 30))]);

        var answer = await Ask(server);

        answer.Status.ShouldBe(DnsStatus.Found);
        answer.Records.Cast<ServiceRecord>().Select(record => record.Target).ShouldBe(["a.example", "b.example"]);
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(30));
        var asked = server.Asked.ShouldHaveSingleItem();
        asked.Name.ShouldBe(Name);
        asked.Type.ShouldBe(DnsType.Srv);
        asked.HasExtension.ShouldBeTrue();
    }

    [Fact]
    public async Task Ids_and_ports_change_with_every_question()
    {
        await using var server = new StandInResolver(asked => [DnsBytes.Reply(asked)]);
        using var resolver = Create(server);

        for (var round = 0; round < 8; round++)
        {
            await resolver.AskAsync(new DnsQuestion(Name, DnsType.Srv));
        }

        server.Asked.Select(asked => asked.Id).Distinct().Count().ShouldBeGreaterThan(4);
        server.Asked.Select(asked => asked.Client.Port).Distinct().Count().ShouldBeGreaterThan(4);
    }

    [Fact]
    [Trait("Requirement", "L-8B")]
    public async Task Forged_answers_are_passed_over()
    {
        await using var server = new StandInResolver(asked =>
        [
            DnsBytes.Message(asked.Id ^ 1, 0x8180, asked.Question, [DnsBytes.Srv(0, 0, 1, "wrong-id.example")], []),
            DnsBytes.Message(asked.Id, 0x8180, DnsBytes.Question("_avatars._tcp.example.net", DnsType.Srv), [DnsBytes.Srv(0, 0, 1, "wrong-name.example")], []),
            DnsBytes.Message(asked.Id, 0x8180, DnsBytes.Question(Name, DnsType.A), [DnsBytes.Srv(0, 0, 1, "wrong-type.example")], []),
            DnsBytes.Message(asked.Id, 0x8180, [], [DnsBytes.Srv(0, 0, 1, "no-question.example")], []),
            DnsBytes.Message(asked.Id, 0x0180, asked.Question, [DnsBytes.Srv(0, 0, 1, "no-answer.example")], []),
            "garbage"u8.ToArray(),
            new byte[60_000],
            [],
            DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "right.example")),
        ]);

        (await Ask(server)).Records.ShouldHaveSingleItem().ShouldBeOfType<ServiceRecord>().Target.ShouldBe("right.example");
    }

    [Fact]
    public async Task An_answer_from_another_address_is_not_heard()
    {
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var server = new StandInResolver(async asked =>
        {
            await stranger.SendToAsync(DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "stranger.example")), asked.Client);
            return [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "right.example"))];
        });

        (await Ask(server)).Records.ShouldHaveSingleItem().ShouldBeOfType<ServiceRecord>().Target.ShouldBe("right.example");
    }

    [Fact]
    public async Task A_flood_of_forgeries_ends_the_question()
    {
        await using var server = new StandInResolver(asked => [.. Enumerable.Range(1, 100).Select(offset => DnsBytes.Message(asked.Id ^ offset, 0x8180, asked.Question, [], []))]);

        (await Ask(server)).ShouldBe(DnsAnswer.Failed);
    }

    [Fact]
    public async Task A_spelling_at_random_has_to_come_back()
    {
        await using var right = new StandInResolver(asked => [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))]);
        await using var guessing = new StandInResolver(asked => [.. Enumerable.Repeat(DnsBytes.Message(asked.Id, 0x8180, DnsBytes.Question(Name, DnsType.Srv), [DnsBytes.Srv(0, 0, 1, "a.example")], []), 64)]);

        (await Ask(right, options => options with { MixCase = true })).Status.ShouldBe(DnsStatus.Found);
        right.Asked.Single().Name.ShouldNotBe(Name);
        right.Asked.Single().Name.ShouldBe(Name, StringCompareShould.IgnoreCase);
        (await Ask(guessing, options => options with { MixCase = true })).Status.ShouldBe(DnsStatus.Failed);
        (await Ask(guessing)).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_by_TCP()
    {
        byte[][] many = [.. Enumerable.Range(0, 256).Select(number => DnsBytes.Srv(0, 0, 1, $"server-{number}.{new string('a', 60)}.{new string('b', 60)}.{new string('c', 60)}.example"))];
        await using var server = new StandInResolver(asked => [asked.IsStream ? DnsBytes.Reply(asked, many) : DnsBytes.Truncated(asked)]);

        (await Ask(server)).Records.Count.ShouldBe(256);
        server.Asked.Select(asked => asked.IsStream).ShouldBe([false, true]);
    }

    [Fact]
    public async Task An_answer_by_TCP_has_to_belong_to_the_question_too()
    {
        await using var server = new StandInResolver(asked => [asked.IsStream ? DnsBytes.Message(asked.Id ^ 1, 0x8180, asked.Question, [], []) : DnsBytes.Truncated(asked)]);

        (await Ask(server)).ShouldBe(DnsAnswer.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_from_before_the_extension_is_asked_without(bool repeatsQuestion)
    {
        await using var server = new StandInResolver(asked =>
        [
            asked.HasExtension
                ? DnsBytes.Message(asked.Id, 0x8181, repeatsQuestion ? asked.Question : [], [], [])
                : DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example")),
        ]);

        (await Ask(server)).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    public async Task Aliases_are_followed_and_strangers_records_ignored()
    {
        await using var server = new StandInResolver(asked =>
        [
            DnsBytes.Reply(
                asked,
                DnsBytes.Srv(0, 0, 1, "stranger.example", owner: DnsBytes.Name("_avatars._tcp.stranger.example")),
                DnsBytes.Cname("ONE.example.net", seconds: 20),
                DnsBytes.Cname("two.example.net", DnsBytes.Name("one.example.NET")),
                DnsBytes.Srv(0, 0, 1, "right.example", owner: DnsBytes.Name("two.example.net"))),
        ]);

        var answer = await Ask(server);

        answer.Records.ShouldHaveSingleItem().ShouldBeOfType<ServiceRecord>().Target.ShouldBe("right.example");
        answer.Aliases.ShouldBe(["ONE.example.net", "two.example.net"]);
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Aliases_in_a_ring_are_a_failure()
    {
        await using var server = new StandInResolver(asked => [DnsBytes.Reply(asked, DnsBytes.Cname("b.example"), DnsBytes.Cname(Name, DnsBytes.Name("b.example")))]);

        (await Ask(server)).ShouldBe(DnsAnswer.Failed);
    }

    [Theory]
    [InlineData(3, DnsStatus.NoSuchName)]
    [InlineData(0, DnsStatus.NoSuchRecord)]
    public async Task Nothing_is_an_answer_with_a_time_of_its_own(int code, DnsStatus status)
    {
        await using var server = new StandInResolver(asked => [DnsBytes.Reply(asked, code, [], [DnsBytes.Soa("stranger.example", 1, 1), DnsBytes.Soa("example.org", 600, 900)])]);

        var answer = await Ask(server);

        answer.Status.ShouldBe(status);
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(600));
    }

    [Theory]
    [InlineData("_avatars._tcp.exam\u00E9ple.org")]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a123456789a123456789a123456789a123456789a123456789a123456789a123456789.example")]
    public async Task What_cannot_be_a_name_is_not_asked(string name)
    {
        await using var server = StandInResolver.Silent();
        using var resolver = Create(server);

        (await resolver.AskAsync(new DnsQuestion(name, DnsType.Srv))).Status.ShouldBe(DnsStatus.NoSuchName);
        (await resolver.AskAsync(new DnsQuestion(string.Join('.', Enumerable.Repeat("abcdefg", 32)), DnsType.Srv))).Status.ShouldBe(DnsStatus.NoSuchName);
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_resolver_may_have_an_IPv6_address()
    {
        await using var server = new StandInResolver(asked => [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))], IPAddress.IPv6Loopback);

        (await Ask(server)).Status.ShouldBe(DnsStatus.Found);
    }

    private static DnsResolver Create(StandInResolver server, Func<DnsResolverOptions, DnsResolverOptions>? change = null)
    {
        var options = new DnsResolverOptions { Servers = [server.EndPoint.ToString()], Attempts = 1 };
        return new DnsResolver(change is null ? options : change(options));
    }

    private static async Task<DnsAnswer> Ask(StandInResolver server, Func<DnsResolverOptions, DnsResolverOptions>? change = null)
    {
        using var resolver = Create(server, change);
        return await resolver.AskAsync(new DnsQuestion(Name, DnsType.Srv));
    }
}
