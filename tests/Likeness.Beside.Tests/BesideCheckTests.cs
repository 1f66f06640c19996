using Likeness.Beside.Tests.Support;

namespace Likeness.Beside.Tests;

public sealed class BesideCheckTests
{
    [Fact]
    [Trait("Requirement", "B-5")]
    public async Task With_everything_granted_nothing_is_missing()
    {
        await using var stage = await new BesideStage().Start();
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1));
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Beside.Check(default)).ShouldAllBe(finding => finding.Level == "ok");
    }

    [Fact]
    [Trait("Requirement", "B-5")]
    public async Task What_is_missing_is_said_with_the_lines_to_add()
    {
        await using var stage = new BesideStage();
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='get'/></privilege>";
        await stage.Start();
        var findings = await stage.Beside.Check(default);
        findings.Single(finding => finding.Level == "wrong").Id.ShouldBe("beside-write");
        findings.Where(finding => finding.Level == "warning").Select(finding => finding.Id)
            .ShouldBe(["beside-presence", "beside-read", "beside-visibility", "beside-notice", "beside-accounts"]);
        findings.Single(finding => finding.Id == "beside-write").Lines.ShouldNotBeNull().ShouldContain("""privileged_entities = { ["likeness.example.org"]""");
    }

    [Fact]
    [Trait("Requirement", "B-5")]
    public async Task Who_has_an_API_of_ejabberd_gets_the_lines_of_ejabberd()
    {
        await using var stage = new BesideStage { With = options => options with { Api = new Uri("http://127.0.0.1:9/api") } };
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='get'/></privilege>";
        await stage.Start();
        var findings = await stage.Beside.Check(default);
        findings.Single(finding => finding.Id == "beside-read").Lines.ShouldNotBeNull().ShouldContain("mod_privilege:");
    }

    [Fact]
    [Trait("Requirement", "B-82")]
    public async Task That_nobody_said_whose_the_addresses_are_is_said()
    {
        await using var stage = await new BesideStage { With = options => options with { AddressesAreTheSame = null } }.Start();
        (await stage.Beside.Check(default)).Single(finding => finding.Id == "beside-addresses").Level.ShouldBe("warning");
    }

    [Fact]
    [Trait("Requirement", "B-65")]
    [Trait("Requirement", "B-66")]
    public async Task What_the_chat_server_shows_strangers_is_named_and_counted()
    {
        await using var stage = new BesideStage();
        stage.Chat.Avatars.LeaksVCards = true;
        await stage.Start();
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1), "presence");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        var findings = await stage.Beside.Check(default);
        findings.Single(finding => finding.Id == "beside-strangers").Text.ShouldContain("of 1 people");
        findings.Single(finding => finding.Id == "beside-unchosen").Text.ShouldContain("show 1, 1 and 0 of them");
    }

    [Fact]
    [Trait("Requirement", "B-75")]
    public async Task Without_a_connection_that_is_what_is_wrong()
    {
        await using var stage = new BesideStage();
        stage.Chat.Refuses = "host-unknown";
        await stage.Start(isConnected: false);
        (await stage.Beside.Check(default)).ShouldHaveSingleItem().Lines.ShouldNotBeNull().ShouldContain("component_secret");
    }
}
