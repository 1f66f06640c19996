namespace Likeness.Xmpp.Tests;

[Trait("Requirement", "C-41")]
public sealed class StrictBase64Tests
{
    [Theory]
    [InlineData("")]
    [InlineData("QQ==")]
    [InlineData("QUI=")]
    [InlineData("QUJD")]
    [InlineData("+/+/")]
    public void Strict_base64_is_decoded(string text)
    {
        StrictBase64.TryDecode(text, out var bytes).ShouldBeTrue();
        Convert.ToBase64String(bytes!).ShouldBe(text);
    }

    [Theory]
    [InlineData("Q")]
    [InlineData("QQ")]
    [InlineData("QQ=")]
    [InlineData("QR==")]
    [InlineData("QUJ=")]
    [InlineData("Q===")]
    [InlineData("====")]
    [InlineData("=QQ=")]
    [InlineData("QQ==QQ==")]
    [InlineData("QU JD")]
    [InlineData("QUJD\n")]
    [InlineData("-_-_")]
    public void Anything_else_is_refused(string text) => StrictBase64.TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    [Trait("Requirement", "X153-22")]
    public void Pictures_may_be_broken_into_lines()
    {
        StrictBase64.TryDecodeWithWhitespace(" QU\r\nJD\t", out var bytes).ShouldBeTrue();
        bytes.ShouldBe("ABC"u8.ToArray());
        StrictBase64.TryDecodeWithWhitespace("QU\r\nJ.", out _).ShouldBeFalse();
    }
}
