using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Likeness.Libravatar.Tests;

/// <summary>Profiles are strangers' text: whatever it is, what is read is small and harmless.</summary>
[Trait("Requirement", "L-10D")]
public sealed class PublicProfileTests
{
    private static readonly byte[][] Seeds =
    [
        """{"entry":[{"hash":"0","displayName":"Anne","thumbnailUrl":"https://a.example/avatar/0","urls":[{"value":"https://anne.example/?a=1&b=2","title":"Home"},{"value":"http://b\u00fccher.example/"}]}]}"""u8.ToArray(),
        """{"entry":[{"displayName":"\ud83d\ude00\u202eenna","urls":[{"value":"javascript:alert(1)"},{"value":"https://u:p@a.example"},7,null]}]}"""u8.ToArray(),
        """{"entry":[{"displayName":"\ud83d","urls":{}}],"entry":[[]]}"""u8.ToArray(),
    ];

    [Fact]
    public void A_name_and_links_are_read_and_nothing_else()
    {
        var profile = Read("""
            {"entry":[{"id":"7","hash":"x","preferredUsername":"anne","displayName":" Anne \n\t of  the Club ","aboutMe":"<b>","emails":[{"value":"anne@club.example"}],
              "urls":[{"value":"https://anne.example/?a=1&b=2","title":"Home"},{"value":"http://bücher.example/x","title":" "},{"value":"https://anne.example/?a=1&b=2","title":"Again"}]}]}
            """)!;

        profile.Name.ShouldBe("Anne of the Club");
        profile.Links.Select(link => (link.Url.AbsoluteUri, link.Title))
            .ShouldBe([("https://anne.example/?a=1&b=2", "Home"), ("http://bücher.example/x", "xn--bcher-kva.example")]);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://a.example/")]
    [InlineData("mailto:anne@club.example")]
    [InlineData("//a.example/")]
    [InlineData("/etc/passwd")]
    [InlineData("a.example")]
    [InlineData("https://name:word@a.example/")]
    [InlineData("https://")]
    [InlineData("")]
    public void A_link_that_is_no_web_address_is_left_out(string url) =>
        Read(Document("Anne", (url, "Click"), ("https://good.example/", "Good")))!.Links.ShouldHaveSingleItem().Title.ShouldBe("Good");

    [Fact]
    public void Name_links_and_titles_are_bounded()
    {
        var links = Enumerable.Range(0, 1_000).Select(number => ($"https://a.example/{number}", new string('t', 100))).Prepend(("https://a.example/" + new string('x', PublicProfile.MaxLinkBytes), "Long"));
        var profile = Read(Document(string.Concat(Enumerable.Repeat("😀", 100)), [.. links]))!;

        profile.Name.ShouldBe(string.Concat(Enumerable.Repeat("😀", 30)));
        profile.Links.Length.ShouldBe(PublicProfile.MaxLinks);
        profile.Links.ShouldAllBe(link => link.Title.Length == PublicProfile.MaxName);
        profile.Links[0].Url.AbsolutePath.ShouldBe("/0");
    }

    [Fact]
    public void An_address_that_grows_beyond_its_bound_by_encoding_is_left_out() =>
        Read(Document("Anne", ("https://a.example/" + new string('ü', 200), "Long")))!.Links.ShouldBeEmpty();

    [Fact]
    public void Nothing_turns_the_direction_of_letters() =>
        Read(Document("\u202Eenna\u202C\u2066\u200F\u061C\0\u2028\uFEFF Club", ("https://a.example/", "\u202Egro.knab")))!
            .ShouldSatisfyAllConditions(profile => profile.Name.ShouldBe("enna Club"), profile => profile.Links[0].Title.ShouldBe("gro.knab"));

    [Theory]
    [InlineData("")]
    [InlineData("\"User not found\"")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("""{"entry":[]}""")]
    [InlineData("""{"entry":[7]}""")]
    [InlineData("""{"entry":[{"displayName":"\ud83d"}]}""")]
    [InlineData("""{"entry":[{"displayName":"Anne"}]} trailing""")]
    [InlineData("""/**/{"entry":[{"displayName":"Anne"}],}""")]
    public void What_is_no_profile_is_refused(string json) => PublicProfile.TryRead(Encoding.UTF8.GetBytes(json), out _).ShouldBeFalse();

    [Theory]
    [InlineData("""{"entry":[{}]}""")]
    [InlineData("""{"entry":[{"displayName":7}]}""")]
    [InlineData("""{"entry":[{"displayName":" \u202e\u200b "}]}""")]
    public void Without_a_name_there_is_nobody(string json) => Read(json).ShouldBeNull();

    [Fact]
    public void A_document_nested_without_end_is_refused()
    {
        var json = "{\"entry\":" + string.Concat(Enumerable.Repeat("[", 30_000)) + string.Concat(Enumerable.Repeat("]", 30_000)) + "}";
        PublicProfile.TryRead(Encoding.UTF8.GetBytes(json), out _).ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_sent_what_is_read_is_small_and_harmless()
    {
        var random = new Random(1);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var json = Seeds[round % Seeds.Length].ToList();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(json.Count);
                switch (random.Next(3))
                {
                    case 0:
                        json[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        json.RemoveAt(at);
                        break;
                    default:
                        json.InsertRange(at, json.GetRange(at, random.Next(Math.Min(200, json.Count - at))));
                        break;
                }
            }

            if (!PublicProfile.TryRead(json.ToArray(), out var profile) || profile is null)
            {
                continue;
            }

            read++;
            profile.Name.Length.ShouldBeInRange(1, PublicProfile.MaxName);
            profile.Name.EnumerateRunes().ShouldAllBe(rune => !Rune.IsControl(rune) && rune.Value != 0x202E);
            profile.Links.Length.ShouldBeLessThanOrEqualTo(PublicProfile.MaxLinks);
            profile.Links.ShouldAllBe(link => (link.Url.Scheme == "https" || link.Url.Scheme == "http") && link.Url.UserInfo == "" && link.Title.Length > 0 && link.Title.Length <= PublicProfile.MaxName);
        }

        read.ShouldBeGreaterThan(1_000);
    }

    private static PublicProfile? Read(string json)
    {
        PublicProfile.TryRead(Encoding.UTF8.GetBytes(json), out var profile).ShouldBeTrue();
        return profile;
    }

    private static string Document(string name, params (string Url, string Title)[] links) => new JsonObject
    {
        ["entry"] = new JsonArray(new JsonObject
        {
            ["displayName"] = name,
            ["urls"] = new JsonArray([.. links.Select(link => (JsonNode)new JsonObject { ["value"] = link.Url, ["title"] = link.Title })]),
        }),
    }.ToJsonString(new JsonSerializerOptions());
}
