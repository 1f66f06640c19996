using System.Collections.Frozen;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Serving;

/// <summary>What administrators do from their chat clients, on a whole server.</summary>
[Trait("Requirement", "U-E")]
public sealed class ServiceAdministrationTests : IDisposable
{
    private const string Domain = "example.org";
    private const string Capulet = "capulet@example.org";
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task An_administrator_makes_changes_and_removes_accounts()
    {
        await using var server = await Start();
        await using var capulet = await ChatClient.LogIn(server, Capulet);

        (await Do(capulet, "add-user", ("accountjid", "juliet@example.org"), ("password", "first"), ("password-verify", "other"))).ShouldBe("error: The two passwords are not the same.");
        (await Do(capulet, "add-user", ("accountjid", "juliet@example.org"), ("password", "first"), ("password-verify", "first"))).ShouldBe("info: juliet@example.org can log in.");
        (await Do(capulet, "add-user", ("accountjid", "juliet@example.org"), ("password", "first"), ("password-verify", "first"))).ShouldBe("error: juliet@example.org exists already.");
        (await Do(capulet, "add-user", ("accountjid", "juliet@example.net"), ("password", "first"), ("password-verify", "first"))).ShouldStartWith("error: 'example.net' is not served here");
        (await Do(capulet, "change-user-password", ("accountjid", "juliet@example.org"), ("password", "secret"), ("password-verify", "secret"))).ShouldBe("info: juliet@example.org has a new password.");
        await using (await ChatClient.LogIn(server, "juliet@example.org"))
        {
            (await Shown(capulet, "get-online-users-num")).ShouldBe(["2"]);
        }

        (await Shown(capulet, "get-registered-users-num")).ShouldBe(["2"]);
        (await Shown(capulet, "get-registered-users-list", ("max_items", "25"))).ShouldBe([Capulet, "juliet@example.org"]);
        (await Do(capulet, "delete-user", ("accountjids", "juliet@example.org"))).ShouldBe("info: juliet@example.org is gone, with everything kept for it.");
        (await Do(capulet, "delete-user", ("accountjids", "juliet@example.org"))).ShouldBe("error: There is no account juliet@example.org.");
        (await Do(capulet, "delete-user", ("accountjids", Capulet))).ShouldStartWith("error: Your own account");

        var log = await LikenessProgram.Run("log", "--address", "juliet@example.org", "--data", _data.Path);
        log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains(Capulet, StringComparison.Ordinal));
        log.Output.ShouldContain("user remove");
    }

    [Fact]
    public async Task An_administrator_disables_accounts_and_enables_them_again()
    {
        await using var server = await Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        await using var capulet = await ChatClient.LogIn(server, Capulet);

        (await Do(capulet, "disable-user", ("accountjids", "juliet@example.org"))).ShouldStartWith("info: juliet@example.org is disabled");
        (await Do(capulet, "disable-user", ("accountjids", Capulet))).ShouldStartWith("error: Your own account");
        (await Do(capulet, "disable-user", ("accountjids", "nobody@example.org"))).ShouldBe("error: There is no account nobody@example.org.");
        (await Shown(capulet, "get-disabled-users-num")).ShouldBe(["1"]);
        (await Shown(capulet, "get-disabled-users-list", ("max_items", "25"))).ShouldBe(["juliet@example.org"]);
        (await LikenessProgram.Run("user", "list", "--disabled", "--data", _data.Path)).Output.Trim().ShouldBe("juliet@example.org");
        await Should.ThrowAsync<Exception>(async () => await ChatClient.LogIn(server, "juliet@example.org"));

        (await Do(capulet, "reenable-user", ("accountjids", "juliet@example.org"))).ShouldBe("info: juliet@example.org can log in again.");
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        (await LikenessProgram.Run("user", "disable", "juliet@example.org", "--reason", "spam", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        (await LikenessProgram.Run("log", "--address", "juliet@example.org", "--data", _data.Path)).Output.ShouldContain("spam");
        (await LikenessProgram.Run("user", "enable", "juliet@example.org", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Everybody_is_told_the_message_of_the_day_once()
    {
        await using var server = await Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        await using var capulet = await ChatClient.LogIn(server, Capulet);
        await capulet.Send(new Element("presence", Ns.Client));
        (await Do(capulet, "delete-motd")).ShouldBe("error: There is no message of the day.");

        (await Do(capulet, "set-motd", ("subject", "Tonight"), ("motd", "The feast begins at eight."))).ShouldStartWith("info: Everybody is told");
        (await Told(capulet)).ShouldBe("The feast begins at eight.");
        (await WhatIsToldTo("juliet@example.org")).ShouldBe("The feast begins at eight.", "those who are not there when they come");
        (await WhatIsToldTo("juliet@example.org")).ShouldBeNull("once");

        await Do(capulet, "edit-motd", ("motd", "At nine."));
        (await WhatIsToldTo("juliet@example.org")).ShouldBeNull("who was told the one before");
        await Do(capulet, "set-motd", ("motd", "At ten."));
        (await WhatIsToldTo("juliet@example.org")).ShouldBe("At ten.");
        (await Do(capulet, "delete-motd")).ShouldBe("info: Who comes is told nothing any more.");

        async Task<string?> WhatIsToldTo(string account)
        {
            await using var client = await ChatClient.LogIn(server, account);
            await client.Send(new Element("presence", Ns.Client));
            await client.Send(new Element("message", Ns.Client).Set("to", account).Set("type", "chat").Add("body", "end"));
            var told = await Told(client);
            return told == "end" ? null : told;
        }

        static async Task<string> Told(XmppClient client) => (await client.Expect(stanza => stanza.Child("body") is not null)).Child("body")!.Text();
    }

    [Fact]
    public async Task An_administrator_ends_sessions_and_tells_everybody_something()
    {
        await using var server = await Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        await using var capulet = await ChatClient.LogIn(server, Capulet);
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await juliet.Send(new Element("presence", Ns.Client));
        await juliet.Expect(stanza => stanza.Name == "presence");

        (await Do(capulet, "announce", ("subject", "Tonight"), ("announcement", "The feast begins at eight."))).ShouldBe("info: 1 clients were told.");
        var told = await juliet.Expect(stanza => stanza.Name == "message");
        told["from"].ShouldBe(Domain);
        told.Child("body")!.Text().ShouldBe("The feast begins at eight.");
        told.Child("subject")!.Text().ShouldBe("Tonight");

        (await Shown(capulet, "get-online-users-list", ("max_items", "25"))).ShouldBe([Capulet, "juliet@example.org"]);
        (await Do(capulet, "end-user-session", ("accountjids", "juliet@example.org/balcony"))).ShouldBe("info: 1 sessions of juliet@example.org/balcony ended.");
        await juliet.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        (await Shown(capulet, "get-online-users-num")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Nobody_else_sees_or_does_anything()
    {
        await using var server = await Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");

        var list = await juliet.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", Domain).Add(new Element("query", Ns.DiscoItems).Set("node", Ns.Commands)));
        list.Child("query", Ns.DiscoItems)!.ShouldNotContain(item => item["node"]!.Contains("admin", StringComparison.Ordinal));
        (await Should.ThrowAsync<StanzaErrorException>(() => Command(juliet, "get-registered-users-num", null, null))).Condition.Name.ShouldBe("forbidden");
    }

    [Fact]
    [Trait("Requirement", "P-70")]
    public async Task Who_was_made_operator_administers_until_that_is_taken_back_and_who_administers_a_domain_does_not()
    {
        await using var server = await Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        (await LikenessProgram.Run("admin", "add", "juliet@example.org", "--domain", Domain, "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        (await Should.ThrowAsync<StanzaErrorException>(() => Command(juliet, "get-registered-users-num", null, null))).Condition.Name.ShouldBe("forbidden");
        (await LikenessProgram.Run("admin", "add", "juliet@example.org", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        (await Shown(juliet, "get-registered-users-num")).ShouldBe(["2"]);
        (await LikenessProgram.Run("admin", "remove", "juliet@example.org", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        (await Should.ThrowAsync<StanzaErrorException>(() => Command(juliet, "get-registered-users-num", null, null))).Condition.Name.ShouldBe("forbidden");
        (await LikenessProgram.Run("admin", "remove", Capulet, "--data", _data.Path)).Error.ShouldContain("configuration");
    }

    private async Task<RunningServer> Start()
    {
        var server = await RunningServer.Start(_data.Path, options => options with { Chat = options.Chat with { Admins = new[] { Capulet }.ToFrozenSet() } });
        (await LikenessProgram.Run("user", "add", Capulet, "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        return server;
    }

    /// <summary>Asks for the form, fills it in; the note of the answer.</summary>
    private static async Task<string> Do(XmppClient client, string node, params (string Field, string Value)[] filled)
    {
        var done = await Fill(client, node, filled);
        done["status"].ShouldBe("completed");
        return done.Child("note") is { } note ? $"{note["type"]}: {note.Text()}" : "";
    }

    private static async Task<IReadOnlyList<string>> Shown(XmppClient client, string node, params (string Field, string Value)[] filled) =>
        DataForm.Find(await Fill(client, node, filled))!.Fields.Single().Values;

    private static async Task<Element> Fill(XmppClient client, string node, (string Field, string Value)[] filled)
    {
        var asked = await Command(client, node, null, null);
        if (filled.Length == 0)
        {
            return asked;
        }

        var form = DataForm.Find(asked)!;
        filled.Select(pair => pair.Field).ShouldBeSubsetOf(form.Fields.Select(field => field.Variable));
        return await Command(client, node, asked["sessionid"], new DataForm("submit", form.FormType, [.. filled.Select(pair => FormField.Of(pair.Field, pair.Value))]));
    }

    private static async Task<Element> Command(XmppClient client, string node, string? session, DataForm? form)
    {
        var command = new Element("command", Ns.Commands).Set("node", $"http://jabber.org/protocol/admin#{node}").Set("sessionid", session).Add(form?.ToElement());
        return (await client.Request(new Element("iq", Ns.Client).Set("type", "set").Set("to", Domain).Add(command))).Child("command", Ns.Commands)!;
    }
}
