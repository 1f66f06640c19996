using System.CommandLine;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests;

[Trait("Requirement", "L-130")]
public sealed class PersonalNodeTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Alone_it_listens_on_its_own_port_for_the_web_only()
    {
        var options = Read();

        options.Http.Single().ToString().ShouldBe("127.0.0.1:8800");
        options.Xmpp.ShouldBeEmpty();
        options.Domains.ShouldBe(["example.org"]);
    }

    [Fact]
    public void Every_other_flag_of_serve_counts_beside_its_own()
    {
        _data.Write("likeness.json", """{ "cache-seconds": 7 }""");

        var options = Read("--http", "127.0.0.1:8081", "--xmpp", "127.0.0.1:5999", "--domain", "example.net", "--data", _data.Path);

        options.Http.Single().Port.ShouldBe(8081);
        options.Xmpp.Single().Port.ShouldBe(5999);
        options.Domains.ShouldBe(["example.net", "example.org"]);
        options.DataDirectory.ShouldBe(_data.Path);
        options.Policy.CacheSeconds.ShouldBe(7);
    }

    [Theory]
    [InlineData("addr", "--addr", "127.0.0.1:1", "--http", "127.0.0.1:2")]
    [InlineData("cache-folder", "--cache-folder", "/tmp/a", "--data", "/tmp/b")]
    public void Two_flags_that_say_the_same_thing_are_refused(string key, params string[] flags) =>
        Should.Throw<OptionsRefusedException>(() => Read(flags)).Problems.ShouldHaveSingleItem().Key.ShouldBe(key);

    [Theory]
    [InlineData("/", "is a folder")]
    [InlineData("https://example.org/face.png", "is a URL")]
    [InlineData("/no/such/face.png", "there is no file")]
    public void What_is_no_file_is_named_for_what_it_is(string file, string problem)
    {
        var command = Serve(out var node);

        Should.Throw<OptionsRefusedException>(() => node.Read(command.Parse(["--email", $"you@example.org={file}"]))).Problems.Single().Text.ShouldContain(problem);
    }

    private LikenessOptions Read(params string[] flags)
    {
        var command = Serve(out var node);
        using var started = node.Read(command.Parse(["--email", $"you@example.org={_data.Write("face.png", TestPicture.Png())}", .. flags]));
        return started!.Options;
    }

    private static Command Serve(out PersonalNode node)
    {
        var command = new Command("serve");
        var common = CommonOptions.AddTo(command);
        node = PersonalNode.AddTo(command, SettingFlags.AddTo(command), common);
        return command;
    }
}
