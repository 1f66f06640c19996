using Likeness.AspNetCore.Links;
using Likeness.Libravatar;

namespace Likeness.AspNetCore.Tests.Links;

public sealed class AvatarSealTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string OtherKey = "fedcba9876543210fedcba9876543210";

    private static readonly AvatarSeal Seal = new([Key]);

    public static TheoryData<string, int, string?, bool, bool> People => new()
    {
        { "anne@club.example", 48, null, false, false },
        { "\"a b\"@club.example", 1, "identicon", true, false },
        { "bjørn@bücher.example", 512, "https://club.example/nobody.png?x=1&y=2", false, true },
        { "https://Club.example:8443/Anne?x#y", 80, "404", true, true },
    };

    [Theory]
    [MemberData(nameof(People))]
    public void A_token_gives_back_what_went_in(string address, int size, string? fallback, bool useSha256, bool force)
    {
        var person = address.StartsWith("https", StringComparison.Ordinal) ? Address.OpenIdentifier(address) : Address.Email(address);
        var ticket = AvatarTicket.Of(person, new AvatarUrlOptions { Size = size, Default = fallback, UseSha256 = useSha256, ForceDefault = force })!;

        Seal.Open(Seal.Close(ticket)).ShouldBe(ticket);
    }

    [Fact]
    public void The_same_avatar_has_the_same_token_on_every_node_and_another_one_in_another_size()
    {
        Seal.Close(Anne(48)).ShouldBe(new AvatarSeal([Key]).Close(Anne(48)));
        Seal.Close(Anne(48)).ShouldNotBe(Seal.Close(Anne(96)));
        Seal.Close(Anne(48)).ShouldNotBe(new AvatarSeal([OtherKey]).Close(Anne(48)));
    }

    [Fact]
    public void No_bit_of_a_token_can_be_changed()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = Seal.Close(Anne(48));

        for (var at = 0; at < token.Length; at++)
        {
            foreach (var letter in Alphabet.Where(letter => letter != token[at]))
            {
                Seal.Open(token[..at] + letter + token[(at + 1)..]).ShouldBeNull();
            }
        }
    }

    [Fact]
    public void Nothing_else_is_a_token()
    {
        var random = new Random(20261121);
        var token = Seal.Close(Anne(48));
        string[] wrong = ["", "nobody", "A", token[..^1], token + "A", token + token, "=" + token, new string('A', 10_000), "\u00e9", .. Enumerable.Range(0, token.Length).Select(length => token[..length])];

        wrong.Select(Seal.Open).ShouldAllBe(ticket => ticket == null);
        for (var round = 0; round < 1_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Seal.Open(System.Buffers.Text.Base64Url.EncodeToString(bytes)).ShouldBeNull();
        }
    }

    [Fact]
    public void A_new_key_reads_what_the_old_one_wrote_until_it_goes()
    {
        var old = Seal.Close(Anne(48));
        var both = new AvatarSeal([OtherKey, Key]);

        both.Open(old).ShouldBe(Anne(48));
        both.Close(Anne(48)).ShouldBe(new AvatarSeal([OtherKey]).Close(Anne(48)));
        new AvatarSeal([OtherKey]).Open(old).ShouldBeNull();
    }

    [Fact]
    public void The_length_of_a_token_says_little_of_the_address() =>
        new[] { "al@club.example", "anne@club.example", "annemarie@club.example" }
            .Select(text => Seal.Close(AvatarTicket.Of(Address.Email(text), new AvatarUrlOptions())!).Length)
            .Distinct().Count().ShouldBe(1);

    [Theory]
    [InlineData("a\0b@club.example")]
    [InlineData("\"a://b\"@club.example")]
    public void An_address_that_would_be_read_as_another_has_no_ticket(string address) =>
        AvatarTicket.Of(Address.Email(address), new AvatarUrlOptions()).ShouldBeNull();

    [Fact]
    public void An_address_that_is_too_long_for_an_URL_has_no_ticket() =>
        AvatarTicket.Of(Address.Email(new string('a', 600) + "@club.example"), new AvatarUrlOptions()).ShouldBeNull();

    [Fact]
    public void Whatever_people_type_is_read_as_it_was_written()
    {
        const string Alphabet = "aB@.:/?#[]80 \t\0\"%é\ud83d\ude00\u0130";
        var random = new Random(20261121);
        var tickets = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var typed = (random.Next(2) == 0 ? "http://" : "") + new string(random.GetItems<char>(Alphabet, random.Next(1, 24)));
            if (Address.TryParse(typed, out var address) && AvatarTicket.Of(address, new AvatarUrlOptions { Default = random.Next(2) == 0 ? typed : null }) is { } ticket)
            {
                Seal.Open(Seal.Close(ticket)).ShouldBe(ticket, typed);
                tickets++;
            }
        }

        tickets.ShouldBeGreaterThan(1_000);
    }

    private static AvatarTicket Anne(int size) => AvatarTicket.Of(Address.Email("anne@club.example"), new AvatarUrlOptions { Size = size })!;
}
