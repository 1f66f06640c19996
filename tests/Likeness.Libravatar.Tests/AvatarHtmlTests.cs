namespace Likeness.Libravatar.Tests;

[Trait("Requirement", "L-74")]
public sealed class AvatarHtmlTests
{
    [Fact]
    public void An_avatar_is_decoration_and_sends_no_referrer() =>
        AvatarHtml.Image("https://avatars.example/avatar/x?d=mm&s=40", 40)
            .ShouldBe("<img src=\"https://avatars.example/avatar/x?d=mm&amp;s=40\" alt=\"\" width=\"40\" height=\"40\" referrerpolicy=\"no-referrer\" loading=\"lazy\">");

    [Fact]
    public void Every_attribute_is_encoded() =>
        AvatarHtml.Image("\"><script>", alternative: "Anne's \"<picture>\"")
            .ShouldBe("<img src=\"&quot;&gt;&lt;script&gt;\" alt=\"Anne&#39;s &quot;&lt;picture&gt;&quot;\" referrerpolicy=\"no-referrer\" loading=\"lazy\">");
}
