using System.Text;

namespace Likeness.Libravatar.Tests;

public sealed class AvatarQueryTests
{
    private const string Md5 = "0c17bf66e649070167701d2d3cd71711";
    private const string Sha256 = "388c735eec8225c4ad7a507944dd0a975296baea383198aa87177f29af2c6f69";

    [Theory]
    [Trait("Requirement", "L-3")]
    [Trait("Requirement", "L-4")]
    [InlineData(Md5, Md5)]
    [InlineData(Sha256, Sha256)]
    [InlineData("0C17BF66e649070167701D2D3CD71711", Md5)]
    [InlineData("%30c17bf66e649070167701d2d3cd71711", Md5)]
    public void Hashes_are_told_by_length_and_folded(string path, string hash) =>
        Parse(path, "").Hash!.Value.Text.ShouldBe(hash);

    [Theory]
    [Trait("Requirement", "L-22")]
    [InlineData("nothex")]
    [InlineData("0c17bf66e649070167701d2d3cd7171")]
    [InlineData("0c17bf66e649070167701d2d3cd717111")]
    [InlineData("0c17bf66e649070167701d2d3cd7171g")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData(Md5 + "/x")]
    [InlineData(Md5 + "%00")]
    [InlineData(Md5 + ".png.png")]
    [InlineData("%30c17bf66e649070167701d2d3cd717%3")]
    public void Anything_else_is_an_unknown_user(string path) =>
        Parse(path, "").Hash.ShouldBeNull();

    [Theory]
    [Trait("Requirement", "L-20")]
    [InlineData(Md5 + "/")]
    [InlineData(Md5 + "//")]
    [InlineData("/" + Md5)]
    [InlineData(Md5 + ".png/")]
    [InlineData(Md5 + "%20")]
    [InlineData("%09" + Md5 + "%0D%0A")]
    [InlineData(Md5 + "&s=80")]
    [InlineData(Md5 + ".png&s=80")]
    [InlineData(Md5 + "%3Fs=80")]
    [InlineData(Md5 + ";s=80")]
    [InlineData(Md5 + "%23face")]
    [InlineData(Sha256 + "/")]
    public void What_is_written_around_a_hash_by_mistake_does_not_change_who_is_shown(string path) =>
        Parse(path, "").Hash!.Value.Text.ShouldBe(path.Contains(Md5, StringComparison.Ordinal) ? Md5 : Sha256);

    [Fact]
    [Trait("Requirement", "L-22")]
    public void A_very_long_path_is_an_unknown_user() =>
        Parse(new string('a', 100_000), "s=40").ShouldBe(new AvatarQuery(null, AvatarFormat.Unspecified, 40, null, false));

    [Theory]
    [Trait("Requirement", "L-21")]
    [InlineData(".jpg", AvatarFormat.Jpeg)]
    [InlineData(".jpeg", AvatarFormat.Jpeg)]
    [InlineData(".PNG", AvatarFormat.Png)]
    [InlineData(".gif", AvatarFormat.Gif)]
    [InlineData(".webp", AvatarFormat.WebP)]
    [InlineData(".avif", AvatarFormat.Avif)]
    [InlineData(".svg", AvatarFormat.Unspecified)]
    [InlineData(".", AvatarFormat.Unspecified)]
    [InlineData("", AvatarFormat.Unspecified)]
    public void The_extension_selects_the_type_and_others_are_ignored(string suffix, AvatarFormat extension)
    {
        var query = Parse(Md5 + suffix, "");

        query.Format.ShouldBe(extension);
        query.Hash.ShouldNotBeNull();
    }

    [Theory]
    [Trait("Requirement", "L-30")]
    [InlineData("", 80)]
    [InlineData("s=", 80)]
    [InlineData("s", 80)]
    [InlineData("s=1", 1)]
    [InlineData("s=512", 512)]
    [InlineData("s=0040", 40)]
    [InlineData("s=513", 512)]
    [InlineData("s=99999999999999999999999999999999999999999999", 512)]
    [InlineData("s=0", 80)]
    [InlineData("s=-1", 80)]
    [InlineData("s=mille", 80)]
    [InlineData("s=1e2", 80)]
    [InlineData("s=80px", 80)]
    [InlineData("s=0x50", 80)]
    [InlineData("s=8.5", 80)]
    [InlineData("s=1_0", 80)]
    [InlineData("s=%2B40", 80)]
    [InlineData("s=+40", 80)]
    [InlineData("s=%2040", 80)]
    [InlineData("s=%D9%A4", 80)]
    [InlineData("s=%34%30", 40)]
    public void Sizes_follow_the_table(string query, int size) =>
        Parse(Md5, query).Size.ShouldBe(size);

    [Fact]
    [Trait("Requirement", "L-32")]
    public void Default_and_largest_size_are_configuration()
    {
        var sizes = new AvatarSizes { Default = 128, Largest = 1024 };

        AvatarQuery.Parse(Encoding.UTF8.GetBytes(Md5), "s=2000"u8, sizes).Size.ShouldBe(1024);
        AvatarQuery.Parse(Encoding.UTF8.GetBytes(Md5), "s=x"u8, sizes).Size.ShouldBe(128);
    }

    [Theory]
    [Trait("Requirement", "L-25")]
    [InlineData("size=30&s=40", 30)]
    [InlineData("s=40&size=30", 30)]
    [InlineData("s=40&s=50", 50)]
    [InlineData("size=30&size=31&s=9", 31)]
    [InlineData("s=40&&unknown=1&=&", 40)]
    [InlineData("%73=40", 40)]
    [Trait("Requirement", "L-24")]
    public void The_long_name_wins_then_the_last_value(string query, int size) =>
        Parse(Md5, query).Size.ShouldBe(size);

    [Theory]
    [Trait("Requirement", "L-26")]
    [InlineData("S=40&D=404&F=y")]
    [InlineData("SIZE=40&Default=404&forceDefault=y")]
    public void Names_are_case_sensitive(string query) =>
        Parse(Md5, query).ShouldBe(Parse(Md5, ""));

    [Theory]
    [Trait("Requirement", "L-26")]
    [InlineData("d=404", "404")]
    [InlineData("d=%34%30%34", "404")]
    [InlineData("default=mm&d=404", "mm")]
    [InlineData("d=MM", "MM")]
    [InlineData("d=", null)]
    [InlineData("d=identicon&d=", null)]
    [InlineData("d=a+b%20c", "a b c")]
    [InlineData("d=https%3A%2F%2Fx.example%2F", "https://x.example/")]
    public void The_default_is_decoded_once(string query, string? value) =>
        Parse(Md5, query).Default.ShouldBe(value);

    [Theory]
    [Trait("Requirement", "L-43")]
    [InlineData("f=y", true)]
    [InlineData("forcedefault=y", true)]
    [InlineData("f=Y", false)]
    [InlineData("f=yes", false)]
    [InlineData("f=1", false)]
    [InlineData("f=y&forcedefault=n", false)]
    [InlineData("f", false)]
    public void Only_the_letter_y_forces_the_default(string query, bool forced) =>
        Parse(Md5, query).ForceDefault.ShouldBe(forced);

    [Theory]
    [Trait("Requirement", "L-24")]
    [InlineData("initials=AK", "AK", null)]
    [InlineData("name=Ada+King%20Lovelace&initials=", null, "Ada King Lovelace")]
    [InlineData("initials=a&initials=%C3%A9", "é", null)]
    [InlineData("Initials=a&NAME=b", null, null)]
    [InlineData("", null, null)]
    public void Texts_for_faces_are_decoded(string query, string? initials, string? name)
    {
        var parsed = Parse(Md5, query);

        (parsed.Initials, parsed.Name).ShouldBe((initials, name));
    }

    [Fact]
    public void A_text_that_is_too_long_for_a_face_is_ignored() =>
        Parse(Md5, $"name={new string('a', 193)}&initials={new string('b', 192)}").ShouldSatisfyAllConditions(
            query => query.Name.ShouldBeNull(),
            query => query.Initials!.Length.ShouldBe(192));

    [Theory]
    [Trait("Requirement", "L-63")]
    [InlineData("gravatarproxy=n", true, false)]
    [InlineData("gravatarredirect=y", false, true)]
    [InlineData("gravatarproxy=N&gravatarredirect=yes", false, false)]
    [InlineData("gravatarproxy=n&gravatarproxy=y&gravatarredirect=%79", false, true)]
    public void Wishes_about_Gravatar_are_exact_letters(string query, bool noProxy, bool redirect)
    {
        var parsed = Parse(Md5, query);

        (parsed.NoGravatarProxy, parsed.GravatarRedirect).ShouldBe((noProxy, redirect));
    }

    [Theory]
    [Trait("Requirement", "L-8D")]
    [InlineData("", null)]
    [InlineData("domain=", null)]
    [InlineData("domain=example.net", "example.net")]
    [InlineData("domain=a&s=40&domain=b%C3%BCcher.example", "b\u00FCcher.example")]
    [InlineData("Domain=example.net", null)]
    public void The_domain_for_a_gateway_is_its_last_value(string query, string? domain) => Parse(Md5, query).Domain.ShouldBe(domain);

    [Theory]
    [InlineData("mm")]
    [InlineData("identicon")]
    [InlineData("404")]
    public void A_known_keyword_allocates_nothing_but_the_hash(string keyword)
    {
        var path = Encoding.UTF8.GetBytes("nobody");
        var query = Encoding.UTF8.GetBytes($"s=80&d={keyword}&f=y");
        AvatarQuery.Parse(path, query, AvatarSizes.Standard);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            AvatarQuery.Parse(path, query, AvatarSizes.Standard);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static AvatarQuery Parse(string path, string query) =>
        AvatarQuery.Parse(Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(query), AvatarSizes.Standard);
}
