using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Beside.Connections;
using Likeness.Beside.Tests.Support;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Connections;

public sealed class ComponentLinkTests
{
    [Fact]
    [Trait("Requirement", "B-10")]
    public async Task The_secret_is_shown_as_a_hash_with_the_unescaped_id()
    {
        await using var stage = await new BesideStage().Start();
        stage.Beside.Health.ShouldBe((true, "connected"));
        stage.Chat.Connections.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "B-11")]
    public async Task A_secret_that_is_not_taken_is_said_and_not_tried_again_at_once()
    {
        await using var stage = await new BesideStage { With = options => options with { Secret = "wrong" } }.Start(isConnected: false);
        await Problem(stage, "beside-secret-file");
        stage.Chat.Connections.ShouldBe(1);
        stage.Beside.Health.Works.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "B-11")]
    public async Task Another_program_of_the_same_name_is_left_where_it_is()
    {
        await using var stage = new BesideStage();
        stage.Chat.Refuses = "conflict";
        await stage.Start(isConnected: false);
        await Problem(stage, "Another program is connected as likeness.example.org.");
    }

    [Fact]
    [Trait("Requirement", "B-12")]
    public async Task A_lost_connection_comes_back_and_its_grants_are_the_new_ones()
    {
        await using var stage = await new BesideStage().Start();
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Drop();
        await stage.WhenConnected();
        var status = await stage.Beside.Status(default);
        status.Grants[FakeChatServer.Domain].ShouldBe("presence managed_entity");
        status.Ways[FakeChatServer.Domain].ShouldContain("writes nothing");
    }

    [Fact]
    [Trait("Requirement", "B-12")]
    [Trait("Requirement", "B-14")]
    public async Task A_later_announcement_replaces_the_former_one_if_it_comes_from_the_domain_itself()
    {
        await using var stage = await new BesideStage().Start();
        const string Less = "<privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='get'/></privilege>";
        foreach (var stranger in (string[])["example.net", $"juliet@{FakeChatServer.Domain}", $"{FakeChatServer.Domain}/resource"])
        {
            await stage.Chat.Grant(Less, stranger);
        }

        await stage.Chat.Fence();
        (await stage.Beside.Status(default)).Grants[FakeChatServer.Domain].ShouldContain("pubsub#owner both");

        await stage.Chat.Grant(Less);
        await stage.Chat.Grant(Less);
        await stage.Chat.Fence();
        (await stage.Beside.Status(default)).Grants[FakeChatServer.Domain].ShouldBe("roster get");
    }

    [Fact]
    [Trait("Requirement", "B-18")]
    public async Task A_socket_in_the_file_system_will_do()
    {
        var folder = Directory.CreateTempSubdirectory("likeness-socket-");
        await using (var stage = await new BesideStage(new FakeChatServer(Path.Combine(folder.FullName, "components"))).Start())
        {
            stage.Beside.Health.ShouldBe((true, "connected"));
            stage.Options.Place.ShouldBe($"unix:{folder.FullName}/components");
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [Trait("Requirement", "B-18")]
    [InlineData("127.0.0.1", true, null)]
    [InlineData("127.0.0.1", false, "UntrustedRoot")]
    [InlineData("127.0.0.2", true, "RemoteCertificateNameMismatch")]
    public async Task With_TLS_the_certificate_is_looked_at_first(string address, bool isTrusted, string? problem)
    {
        using var shown = SelfSigned(address);
        using var other = SelfSigned(address);
        await using var stage = await new BesideStage(new FakeChatServer(certificate: shown))
        {
            With = options => options with { Tls = true, Authorities = [isTrusted ? shown : other] },
        }.Start(isConnected: problem is null);
        if (problem is null)
        {
            stage.Beside.Health.ShouldBe((true, "connected"));
        }
        else
        {
            await Problem(stage, problem);
            stage.Chat.Connections.ShouldBe(0, "the secret is shown to nobody else");
        }
    }

    [Theory]
    [Trait("Requirement", "B-6")]
    [InlineData(FakeChatServer.AllGrants, false, "reads as owner, hears by subscriptions, presence, sweep, writes in people's name")]
    [InlineData("<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>", true, "reads as stranger, hears by presence, sweep, writes by ejabberd's API")]
    [InlineData("<privilege xmlns='urn:xmpp:privilege:2'/>", false, "reads as stranger, hears by sweep, writes nothing")]
    public async Task The_ways_are_the_best_that_are_granted(string grants, bool hasApi, string ways)
    {
        await using var stage = new BesideStage { With = options => options with { Api = hasApi ? new Uri("http://127.0.0.1:1/api") : null } };
        stage.Chat.Grants = grants;
        await stage.Start();
        (await stage.Beside.Status(default)).Ways[FakeChatServer.Domain].ShouldBe(ways);
    }

    [Fact]
    [Trait("Requirement", "B-2")]
    [Trait("Requirement", "B-15")]
    public async Task The_component_says_what_it_is()
    {
        await using var stage = await new BesideStage().Start();
        var about = (await stage.Chat.Ask("<query xmlns='http://jabber.org/protocol/disco#info'/>")).Child("query", Ns.DiscoInfo)!;
        about.Child("identity")!["category"].ShouldBe("component");
        about.Where(child => child.Name == "feature").Select(child => child["var"]).ShouldContain("urn:xmpp:avatar:metadata+notify");

        var delegated = await stage.Chat.Ask("<query xmlns='http://jabber.org/protocol/disco#info' node='urn:xmpp:delegation:2::vcard-temp'/>");
        delegated["type"].ShouldBe("result");
        delegated.Child("query", Ns.DiscoInfo)!.FirstChild().ShouldBeNull();

        (await stage.Chat.Ask("<query xmlns='jabber:iq:version'/>")).Child("query", Ns.Version)!.Child("name")!.Text().ShouldBe("Likeness");
        (await stage.Chat.Ask("<ping xmlns='urn:xmpp:ping'/>"))["type"].ShouldBe("result");
        (await stage.Chat.Ask("<query xmlns='jabber:iq:register'/>"))["type"].ShouldBe("error");
        (await stage.Chat.Ask("<ping xmlns='urn:xmpp:ping'/>", "somebody@likeness.example.org"))["type"].ShouldBe("error");
    }

    [Fact]
    [Trait("Requirement", "B-76")]
    public async Task What_nobody_asked_for_is_counted_and_passed_over()
    {
        await using var stage = await new BesideStage().Start();
        var before = (await stage.Beside.Status(default)).Ignored;
        await stage.Chat.Send($"<message from='{FakeChatServer.Domain}' to='{FakeChatServer.Component}'><body>User juliet just registered</body></message>");
        await stage.Chat.Send($"<message from='juliet@{FakeChatServer.Domain}/phone' to='{FakeChatServer.Component}'><privilege xmlns='urn:xmpp:privilege:2'/></message>");
        await stage.Chat.Send($"<presence from='somebody@example.net/x' to='{FakeChatServer.Component}'/>");
        await stage.Chat.Send($"<presence from='juliet@{FakeChatServer.Domain}' type='subscribe' to='{FakeChatServer.Component}'/>");
        await stage.Chat.Send($"<iq type='result' id='unknown' from='{FakeChatServer.Domain}' to='{FakeChatServer.Component}'/>");
        await stage.Quiet();
        ((await stage.Beside.Status(default)).Ignored - before).ShouldBe(5);
        (await stage.Beside.Status(default)).All.ShouldBe(0);
    }

    [Theory]
    [Trait("Requirement", "B-13")]
    [InlineData("<privilege xmlns='urn:xmpp:privilege:2'><perm access='iq'><namespace ns='a' type='both'><namespace ns='b' type='get'><namespace ns='c' type='set'/></namespace></namespace></perm></privilege>", "iq a both, iq b get, iq c set")]
    [InlineData("<privilege xmlns='urn:xmpp:privilege:1'><perm access='roster' type='both'/><perm access='presence' type='roster'/><perm access='message' type='outgoing'/></privilege>", "roster both, presence roster, message outgoing")]
    [InlineData("<privilege xmlns='urn:xmpp:privilege:2'/>", "nothing")]
    public void Announcements_of_both_versions_are_read_nested_namespaces_too(string privilege, string said) =>
        Grants.Read(XmlStreamReader.ParseElement($"<message xmlns='jabber:client'>{privilege}</message>")).ShouldNotBeNull().ToString().ShouldBe(said);

    private static X509Certificate2 SelfSigned(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a chat server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task Problem(BesideStage stage, string part)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await stage.Beside.Status(timeout.Token)).Problem?.Contains(part, StringComparison.Ordinal) != true)
        {
            await Task.Yield();
            timeout.Token.ThrowIfCancellationRequested();
        }
    }
}
