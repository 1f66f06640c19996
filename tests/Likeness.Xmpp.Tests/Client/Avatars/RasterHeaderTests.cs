using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Xmpp.Tests.Client.Avatars;

public sealed class RasterHeaderTests
{
    [Theory]
    [Trait("Requirement", "X153-25")]
    [Trait("Requirement", "X153-21")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3P", "image/png", 64, 64)]
    [InlineData("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "image/gif", 1, 1)]
    [InlineData("/9j/4AAQSkZJRgABAQAAAQABAAD/wAARCAAgADADASIAAhEBAxEB", "image/jpeg", 48, 32)]
    [InlineData("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASogABAAAgA0JaQAA3AA/vuUAAA=", "image/webp", 32, 16)]
    public void A_raster_picture_is_known_by_its_first_bytes(string bytes, string mediaType, int width, int height) =>
        RasterHeader.Read(Convert.FromBase64String(bytes)).ShouldBe(new RasterHeader(mediaType, width, height));

    [Theory]
    [Trait("Requirement", "X153-25")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")]
    [InlineData("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("BM1234567890123456789012345678901234567890")]
    [InlineData("%PDF-1.7 and more that is no picture at all")]
    [InlineData("GIF89a")]
    [InlineData("")]
    public void What_is_no_raster_picture_of_these_is_none(string text) => RasterHeader.Read(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBeNull();
}
