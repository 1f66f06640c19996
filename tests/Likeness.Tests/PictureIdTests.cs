using System.Text;

namespace Likeness.Tests;

public sealed class PictureIdTests
{
    [Fact]
    public void An_id_is_the_sha1_of_the_bytes_in_lower_case() =>
        PictureId.Of("abc"u8).Hex.ShouldBe("a9993e364706816aba3e25717850c26c9cd0d89d");

    [Fact]
    public void A_picture_is_named_by_its_own_bytes()
    {
        var picture = Picture.Of(Encoding.ASCII.GetBytes("abc"), "image/png", 3, 2);

        picture.Id.ShouldBe(PictureId.Of("abc"u8));
        picture.Info.Length.ShouldBe(3);
    }

    [Fact]
    [Trait("Requirement", "X153-2")]
    public void Upper_case_digits_are_accepted_and_folded()
    {
        PictureId.TryParse("A9993E364706816ABA3E25717850C26C9CD0D89D", out var id).ShouldBeTrue();
        id.ShouldBe(PictureId.Of("abc"u8));
    }

    [Theory]
    [Trait("Requirement", "X153-13")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a9993e364706816aba3e25717850c26c9cd0d89")]
    [InlineData("a9993e364706816aba3e25717850c26c9cd0d89d0")]
    [InlineData("g9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("a9993e364706816aba3e25717850c26c9cd0d89٣")]
    public void Anything_else_is_no_id(string? text) => PictureId.TryParse(text, out _).ShouldBeFalse();
}
