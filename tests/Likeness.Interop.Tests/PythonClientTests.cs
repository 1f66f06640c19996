using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Likeness.Interop.Tests.Hosting;

namespace Likeness.Interop.Tests;

/// <summary>Chat libraries that other people wrote, against the real program.</summary>
[Trait("Category", "Integration")]
public sealed class PythonClientTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("slixmpp")]
    [InlineData("aioxmpp")]
    public async Task The_client_libraries_of_these_tests_are_installed(string library)
    {
        var ran = await ExternalProgram.Run(Python, "-c", $"import {library}");

        ran.Code.ShouldBe(0, $"These tests need the Debian package python3-{library}: apt-get install python3-{library}.\n{ran.Shown}");
    }

    [Fact]
    [Trait("Requirement", "X398-2")]
    public async Task Slixmpp_sees_an_avatar_in_every_view_whichever_way_it_came()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "slixmpp_avatars.py", checks: 10);
    }

    [Fact]
    [Trait("Requirement", "X398-2")]
    public async Task Aioxmpp_reads_publishes_and_disables_avatars()
    {
        await using var stage = await Stage.Open();
        await using (var juliet = await stage.LogIn(Stage.Juliet, "first"))
        await using (var romeo = await stage.LogIn(Stage.Romeo, "first"))
        {
            await Stage.Befriend(juliet, romeo);
        }

        await Passes(stage, "aioxmpp_avatars.py", checks: 5);
    }

    [Fact]
    [Trait("Requirement", "X398-2")]
    public async Task A_client_that_knows_vcards_only_and_one_that_knows_PEP_only_see_each_other()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "slixmpp_vcard_and_pep.py", checks: 10);
    }

    [Fact]
    [Trait("Requirement", "M-10")]
    public async Task Slixmpp_lives_in_a_room_and_sees_the_picture_of_somebody_who_is_no_contact()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "slixmpp_rooms.py", checks: 10);
    }

    [Fact]
    [Trait("Requirement", "M-10")]
    public async Task Aioxmpp_lives_in_a_room_and_reads_a_picture_through_it()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "aioxmpp_rooms.py", checks: 8);
    }

    [Fact]
    [Trait("Requirement", "R-15")]
    public async Task Slixmpp_loses_its_line_and_comes_back()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "slixmpp_resumption.py", checks: 9);
    }

    [Fact]
    [Trait("Requirement", "R-15")]
    public async Task Aioxmpp_loses_its_line_and_comes_back()
    {
        await using var stage = await Stage.Open();

        await Passes(stage, "aioxmpp_resumption.py", checks: 6);
    }

    [Fact]
    [Trait("Requirement", "U-D")]
    [Trait("Requirement", "U-E")]
    public async Task Aioxmpp_administers_by_commands()
    {
        await using var stage = await Stage.Open("--admin", Stage.Juliet);

        await Passes(stage, "aioxmpp_commands.py", checks: 9);
    }

    [Fact]
    [Trait("Requirement", "U-1")]
    [Trait("Requirement", "U-2")]
    public async Task Slixmpp_shares_a_file()
    {
        await using var stage = await Stage.Open("--dev-plaintext", "yes");

        await Passes(stage, "slixmpp_upload.py", checks: 8);
    }

    [Fact]
    [Trait("Requirement", "U-1F")]
    public async Task A_bot_of_slixmpp_answers_for_a_domain_of_its_own()
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "a secret of both\n");
        var port = FreePort.Next().Port.ToString(CultureInfo.InvariantCulture);
        await using var stage = await Stage.Open("--component", $"bot.localhost={secret}", "--components", $"127.0.0.1:{port}");

        await Passes(stage, "slixmpp_component.py", checks: 9, port);

        File.Delete(secret);
    }

    [Theory]
    [Trait("Requirement", "K-36")]
    [Trait("Requirement", "W-15")]
    [InlineData("xmpp")]
    [InlineData("ws")]
    public async Task Xmpp_js_logs_in_by_the_new_profile_then_by_its_token_and_comes_back_to_a_cut_stream(string scheme)
    {
        var folder = Path.Combine(ConverseTests.Root(), ".artifacts", "xmppjs");
        Directory.Exists(folder).ShouldBeTrue("./test installs @xmpp/client for this.");
        await using var stage = await Stage.Open("--dev-plaintext");
        var service = scheme == "ws" ? $"ws://{stage.Server.Http}/xmpp-websocket" : $"xmpp://{stage.Server.Xmpp}";

        var ran = await ExternalProgram.Run("node", Path.Combine(AppContext.BaseDirectory, "Clients", "xmppjs_logins.mjs"), folder, service, Stage.Juliet, Stage.Password);

        var shown = $"{service}: {ran.Shown}\nThe server said:\n{stage.Server.Log}";
        ran.Code.ShouldBe(0, shown);
        ran.Lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(8, shown);
    }

    private static async Task Passes(Stage stage, string script, int checks, params string[] more)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Clients", script);
        var port = stage.Server.Xmpp.Port.ToString(CultureInfo.InvariantCulture);
        var ran = await ExternalProgram.Run(Python, [path, "127.0.0.1", port, Stage.Juliet, Stage.Romeo, Stage.Password, .. more]);
        var shown = $"{script}: {ran.Shown}\nThe server said:\n{stage.Server.Log}";
        ran.Code.ShouldBe(0, shown);
        ran.Lines.ShouldAllBe(line => line.StartsWith("ok ", StringComparison.Ordinal), shown);
        ran.Lines.Count.ShouldBe(checks, shown);
    }
}
