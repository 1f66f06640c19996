using Likeness.Accounts;

namespace Likeness.Tests.Accounts;

[Trait("Requirement", "P-8")]
public sealed class PasswordRuleTests
{
    private static readonly PasswordRule Rule = new();

    [Theory]
    [InlineData("forty winks at noon")]
    [InlineData("correct horse battery staple")]
    [InlineData("сорок раз отмерь")]
    [InlineData("四十回数えてから切りなさい")]
    [InlineData("zxq vbn lkj p")]
    public void Long_ones_of_whatever_characters_are_taken(string password) => Should.NotThrow(() => Rule.CheckChosen(password, "juliet@example.org"));

    [Theory]
    [InlineData("elevenchars")]
    [InlineData("👍👍👎👎👌👌🙌🙌👏👏👋")]
    [InlineData("qwerty123456")]
    [InlineData("Password2026!")]
    [InlineData("justinbieber")]
    [InlineData("JustinBieber99")]
    [InlineData("aaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("julietcapulet1")]
    [InlineData("")]
    [InlineData("forty winks \u0007 noon")]
    public void Short_ones_and_those_that_anybody_tries_first_are_refused(string password) =>
        Should.Throw<AccountRefusedException>(() => Rule.CheckChosen(password, "julietcapulet@example.org")).Reason.ShouldBe(AccountRefusal.Password);

    [Theory]
    [InlineData("juliet.capulet")]
    [InlineData("JulietCapulet2026!")]
    [InlineData("verona-juliet-1")]
    [InlineData("juliet@verona.example")]
    [InlineData("Verona.Example!")]
    [InlineData("my likeness 2026")]
    [InlineData("xmpp-verona-xmpp")]
    public void None_is_made_of_the_persons_own_address_or_of_what_stands_on_the_page(string password) =>
        Should.Throw<AccountRefusedException>(() => Rule.CheckChosen(password, "juliet.capulet@chat.verona.example")).Reason.ShouldBe(AccountRefusal.Password);

    [Theory]
    [InlineData("juliet wore a mask")]
    [InlineData("in fair verona we")]
    [InlineData("kein avatar passt")]
    public void Such_words_are_taken_among_others(string password) => Should.NotThrow(() => Rule.CheckChosen(password, "juliet.capulet@chat.verona.example"));

    [Fact]
    public void Nobody_makes_the_server_hash_a_novel()
    {
        var rule = () => Rule.CheckChosen(string.Concat(Enumerable.Range(0, 200).Select(number => $"{number} ")), "juliet@example.org");
        Should.Throw<AccountRefusedException>(rule).Message.ShouldContain("256");
    }

    [Fact]
    public void An_operator_may_hand_out_a_short_one_but_none_that_cannot_be_typed()
    {
        Should.NotThrow(() => PasswordRule.CheckUsable("pencil"));
        Should.Throw<AccountRefusedException>(() => PasswordRule.CheckUsable("a\0b"));
        Should.Throw<AccountRefusedException>(() => PasswordRule.CheckUsable(new string('a', 257)));
    }
}
