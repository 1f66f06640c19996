namespace Likeness.Cli.Tests;

/// <summary>What is taken for a person.</summary>
public sealed class PersonNameTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly string _picture;

    public PersonNameTests()
    {
        _picture = _data.Write("face.png", TestPicture.Png());
        _data.Write("likeness.json", """{ "domain": ["example.org"] }""");
    }

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("Anne Boleyn <Anne@example.org>")]
    [InlineData("<anne@example.org>")]
    [InlineData("mailto:anne@example.org?subject=hello")]
    [InlineData("MAILTO:anne%40example.org")]
    [InlineData("Anne <mailto:anne@example.org>")]
    [Trait("Category", "Slow")]
    public async Task An_address_is_read_out_of_what_mail_programs_copy(string pasted) =>
        (await Set(pasted)).Output.ShouldStartWith("anne@example.org is new here and shows ");

    [Theory]
    [InlineData("an\u200Bne@example.org", "U+200B")]
    [InlineData("anne@exam\u00ADple.org", "U+00AD")]
    [InlineData("\u202Eanne@example.org", "U+202E")]
    [InlineData("anne boleyn@example.org", "U+0020")]
    [InlineData("anne@example..org", "not a domain name")]
    [InlineData("anne@.example.org", "not a domain name")]
    [InlineData("anne@example.org.", "not a domain name")]
    [InlineData("anne@example.org,bob@exam/ple.org", "not a domain name")]
    [InlineData("anne@exmaple.org", "Did you mean example.org?")]
    [InlineData("anne@example.net", "--trust-addresses")]
    [InlineData("anne.example.org", "--trust-addresses")]
    [InlineData("anne", "neither an e-mail address nor an OpenID")]
    public async Task What_nobody_would_ask_for_and_who_is_not_served_is_refused(string typed, string reason)
    {
        var ran = await Set(typed);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Fact]
    public async Task Strangers_are_taken_when_the_operator_vouches_for_them_and_who_is_known_needs_no_voucher()
    {
        (await Set("anne@example.net", "--trust-addresses")).Code.ShouldBe(ExitCode.Done);
        (await Set("anne@example.net")).Output.ShouldStartWith("anne@example.net shows ");
    }

    private Task<Ran> Set(string person, params string[] flags) => LikenessProgram.Run(["avatar", "set", person, _picture, "--data", _data.Path, .. flags]);
}
