namespace Likeness.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class TokenCommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task What_is_printed_for_programs_is_read_by_people_too()
    {
        await Run("user", "add", "juliet@example.org", "--password", "wherefore art thou");
        await Run("address", "add", "juliet@example.org", "juliet+faces@example.org", "--trust-addresses");
        (await Run("address", "list", "juliet@example.org", "--json")).Output.ShouldContain("""{"address":"juliet+faces@example.org"}""");
        await Run("user", "disable", "juliet@example.org", "--reason", "für <immer> & 'ewig'");
        (await Run("log", "--json", "--limit", "1")).Output.ShouldContain("für <immer> & 'ewig'");
    }

    [Fact]
    public async Task A_token_is_shown_once_and_listed_by_its_name()
    {
        var token = (await Run("token", "add", "intranet", "--domain", "Example.org", "--read-only", "--expires", "30")).Output.Trim();
        (await Run("token", "add", "all")).Output.Trim().ShouldNotBe(token);

        // 256 bits in base64url behind the prefix.
        token.ShouldMatch("^lk_[A-Za-z0-9_-]{43}$");
        var list = (await Run("token", "list")).Output;
        list.ShouldNotContain(token[3..]);
        list.Split('\n')[0].ShouldStartWith("all  read-write  every domain  never ends  never used");
        list.Split('\n')[1].ShouldMatch("^intranet  read-only  example.org  ends [0-9-]{10}  never used");
    }

    [Fact]
    public async Task Lists_for_programs_are_an_object_a_line()
    {
        await Run("token", "add", "intranet", "--read-only", "--domain", "example.org");
        await Run("user", "add", "juliet@example.org", "--password", "secret12345");

        (await Run("token", "list", "--json")).Output.ShouldBe("""{"name":"intranet","rights":"read-only","domains":"example.org"}""" + Environment.NewLine);
        (await Run("user", "list", "--domain", "example.org", "--json")).Output.ShouldBe("""{"account":"juliet@example.org"}""" + Environment.NewLine);
        (await Run("address", "list", "juliet@example.org", "--json")).Output.ShouldBe("""{"address":"juliet@example.org"}""" + Environment.NewLine);
        (await Run("webhook", "list", "--json")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_token_itself_is_not_in_the_data_directory()
    {
        var token = (await Run("token", "add", "intranet")).Output.Trim();

        foreach (var file in Directory.GetFiles(_data.Path))
        {
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(token[3..]);
        }
    }

    [Fact]
    public async Task A_removed_token_is_not_listed_any_more()
    {
        await Run("token", "add", "intranet");
        (await Run("token", "remove", "intranet")).Code.ShouldBe(ExitCode.Done);

        (await Run("token", "list")).Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("token", "add", "with space")]
    [InlineData("token", "add", "intranet", "--expires", "0")]
    [InlineData("token", "add", "intranet", "--domain", "not a domain")]
    [InlineData("token", "add", "twice")]
    [InlineData("token", "remove", "nobody")]
    public async Task What_cannot_be_done_is_refused_in_one_line(params string[] arguments)
    {
        await Run("token", "add", "twice");

        var ran = await Run(arguments);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem();
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
