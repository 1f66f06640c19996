namespace Likeness.Cli.Tests.Federation;

[Trait("Requirement", "L-80")]
public sealed class DnsCommandTests
{
    [Fact]
    public async Task The_records_are_lines_for_a_zone_file()
    {
        var lines = await Lines("example.org", "--server", "likeness.example.net.");

        lines.ShouldContain("_avatars-sec._tcp.example.org. 3600 IN SRV 0 5 443 likeness.example.net.");
        lines.ShouldContain("_avatars._tcp.example.org. 3600 IN SRV 0 5 80 likeness.example.net.");
    }

    [Fact]
    [Trait("Requirement", "U-1E")]
    public async Task Chats_are_announced_where_the_server_listens_for_them()
    {
        (await Lines("example.org")).ShouldContain("_xmpp-client._tcp.example.org. 3600 IN SRV 0 5 5222 avatars.example.org.");
        (await Lines("example.org")).ShouldAllBe(line => !line.Contains("_xmpps-client"));
        var lines = await Lines("example.org", "--xmpp-port", "0", "--xmpps-port", "5223");
        lines.ShouldContain("_xmpps-client._tcp.example.org. 3600 IN SRV 0 5 5223 avatars.example.org.");
        lines.ShouldAllBe(line => !line.Contains("_xmpp-client"));
    }

    [Fact]
    [Trait("Requirement", "F-40")]
    public async Task Other_servers_find_people_and_rooms_where_the_server_listens_for_them()
    {
        (await Lines("example.org")).ShouldAllBe(line => !line.Contains("-server._tcp"));
        var lines = await Lines("example.org", "--s2s-port", "5269", "--s2s-tls-port", "5270");
        lines.ShouldContain("_xmpp-server._tcp.example.org. 3600 IN SRV 0 5 5269 avatars.example.org.");
        lines.ShouldContain("_xmpps-server._tcp.example.org. 3600 IN SRV 0 5 5270 avatars.example.org.");
        lines.ShouldContain("_xmpp-server._tcp.rooms.example.org. 3600 IN SRV 0 5 5269 avatars.example.org.");
        lines.ShouldContain("service _xmpp-server   protocol _tcp   name rooms   priority 0   weight 5   port 5269   target avatars.example.org   TTL 3600");
    }

    [Fact]
    public async Task The_forms_of_providers_are_filled_in()
    {
        var lines = await Lines("example.org", "--https-port", "8443", "--http-port", "0", "--ttl", "600");

        lines.ShouldContain("name _avatars-sec._tcp   type SRV   TTL 600   value 0 5 8443 avatars.example.org.");
        lines.ShouldContain("type SRV   name _avatars-sec._tcp   priority 0   weight 5   port 8443   target avatars.example.org   TTL 600");
        lines.ShouldContain("service _avatars-sec   protocol _tcp   name @   priority 0   weight 5   port 8443   target avatars.example.org   TTL 600");
        lines.ShouldContain("srv-host=_avatars-sec._tcp.example.org,avatars.example.org,8443,0,5");
        lines.ShouldAllBe(line => !line.Contains("_avatars._tcp"));
    }

    [Theory]
    [Trait("Requirement", "W-12")]
    [InlineData("443", "wss://avatars.example.org/xmpp-websocket")]
    [InlineData("8443", "wss://avatars.example.org:8443/xmpp-websocket")]
    public async Task The_files_by_which_browsers_find_chats_are_there(string port, string address)
    {
        var lines = await Lines("example.org", "--https-port", port);

        lines.ShouldContain($";   <Link rel='urn:xmpp:alt-connections:websocket' href='{address}'/>");
        lines.ShouldContain($$""";   {"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"{{address}}"}]}""");
    }

    [Fact]
    [Trait("Requirement", "W-12")]
    public async Task Without_TLS_there_is_nothing_for_browsers() =>
        (await Lines("example.org", "--https-port", "0")).ShouldAllBe(line => !line.Contains("host-meta"));

    [Fact]
    public async Task A_domain_in_other_letters_is_written_as_DNS_has_it() =>
        (await Lines("Bücher.example")).ShouldContain("_avatars-sec._tcp.xn--bcher-kva.example. 3600 IN SRV 0 5 443 avatars.xn--bcher-kva.example.");

    [Fact]
    public async Task A_program_gets_an_object_for_each_record()
    {
        var lines = await Lines("example.org", "--https-port", "8443", "--json");

        lines[0].ShouldBe("""{"type":"SRV","name":"_avatars-sec._tcp","domain":"example.org","ttl":"3600","priority":"0","weight":"5","port":"8443","target":"avatars.example.org"}""");
        lines.Length.ShouldBe(4);
    }

    private static async Task<string[]> Lines(params string[] arguments)
    {
        var ran = await LikenessProgram.Run(["dns", .. arguments]);
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return ran.Output.Split(Environment.NewLine);
    }
}
