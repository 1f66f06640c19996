using Likeness.Libravatar;

namespace Likeness.Tests;

public sealed class PlusTagTests
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly MemoryPortraitStore _store = new();

    [Fact]
    public async Task Listed_tags_are_answered_by_hash_and_every_tag_by_the_plain_address()
    {
        var book = BookWith(new PlusTags(["github"], Any: false));
        await book.Add(Juliet, Address.Email("juliet@example.org"));

        (await book.Find(AddressHash.Md5("juliet+github@example.org"))).ShouldBe(Juliet);
        (await book.Find(AddressHash.Sha256("juliet+github@example.org"))).ShouldBe(Juliet);
        (await book.Find(AddressHash.Md5("juliet+other@example.org"))).ShouldBeNull();
        (await book.Find(Address.Email("Juliet+Other@example.org"))).ShouldBe(Juliet);
    }

    [Fact]
    public async Task Any_tag_works_where_the_plain_address_is_known()
    {
        var book = BookWith(new PlusTags([], Any: true));
        await book.Add(Juliet, Address.Email("juliet@example.org"));

        (await book.Find(Address.Email("juliet+a+b@example.org"))).ShouldBe(Juliet);
        (await book.Find(Address.Email("juliet+a@example.net"))).ShouldBeNull();
        (await book.Find(AddressHash.Md5("juliet+a@example.org"))).ShouldBeNull();
    }

    [Fact]
    public async Task Without_the_setting_an_address_with_a_plus_is_another_one()
    {
        var book = BookWith(PlusTags.None);
        await book.Add(Juliet, Address.Email("juliet@example.org"));

        (await book.Find(Address.Email("juliet+github@example.org"))).ShouldBeNull();
    }

    [Fact]
    public async Task An_address_with_a_tag_that_somebody_has_stays_theirs()
    {
        var (book, romeo) = (BookWith(new PlusTags(["github"], Any: false)), new Identity("romeo@example.org"));
        await book.Add(romeo, Address.Email("juliet+github@example.org"));

        await book.Add(Juliet, Address.Email("juliet@example.org"));

        (await book.Find(AddressHash.Md5("juliet+github@example.org"))).ShouldBe(romeo);
        (await book.Find(AddressHash.Md5("juliet@example.org"))).ShouldBe(Juliet);
    }

    [Fact]
    public async Task The_catch_all_is_the_person_who_has_its_address()
    {
        var policy = new DomainPolicy { Domain = "example.org", CatchAll = Address.Email("info@example.org") };
        var book = new AddressBook(_store, new DomainPolicies([policy]));
        (await book.CatchAll(policy with { CatchAll = null })).ShouldBeNull();
        (await book.CatchAll(policy)).ShouldBe(new Identity("info@example.org"));

        await book.Add(Juliet, Address.Email("info@example.org"));
        (await book.CatchAll(policy)).ShouldBe(Juliet);
    }

    private AddressBook BookWith(PlusTags tags) =>
        new(_store, new DomainPolicies([new DomainPolicy { Domain = "example.org", PlusTags = tags }, new DomainPolicy { Domain = "example.com" }]));
}
