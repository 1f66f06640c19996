using Likeness.AspNetCore.Links;

namespace Likeness.AspNetCore.Tests.Links;

public sealed class SourceSetTests
{
    [Theory]
    [Trait("Requirement", "L-71")]
    [InlineData(1, "1 1x,2 2x,3 3x")]
    [InlineData(48, "48 1x,96 2x,144 3x")]
    [InlineData(170, "170 1x,340 2x,510 3x")]
    [InlineData(200, "200 1x,400 2x,512 2.56x")]
    [InlineData(300, "300 1x,512 1.71x")]
    [InlineData(512, "512 1x")]
    [InlineData(600, "512 0.85x")]
    [InlineData(int.MaxValue, "512 0x")]
    public void A_size_gives_pictures_for_sharper_screens_up_to_512_pixels(int size, string expected) =>
        string.Join(',', SourceSet.Of(size).Select(candidate => $"{candidate.Pixels} {candidate.Descriptor}")).ShouldBe(expected);
}
