using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class AddressContract(TestDatabase database) : StoreContract(database)
{
    private const string Address = "juliet@capulet.example";

    [Fact]
    [Trait("Requirement", "L-2")]
    [Trait("Requirement", "L-3")]
    [Trait("Requirement", "L-11")]
    public async Task An_address_resolves_by_both_its_hashes()
    {
        await Add(Juliet, Address);
        await Reopen();

        (await Stores.Portraits.Resolve(AddressHash.Md5(Address))).ShouldBe(Juliet);
        (await Stores.Portraits.Resolve(AddressHash.Sha256(Address))).ShouldBe(Juliet);
        (await Stores.Portraits.Resolve(AddressHash.Md5("nobody@example.org"))).ShouldBeNull();
    }

    [Fact]
    public async Task Addresses_are_listed_in_the_order_they_were_added()
    {
        string[] addresses = ["z@example.org", "a@example.org", "m@example.org"];
        foreach (var address in addresses)
        {
            await Add(Juliet, address);
        }

        await Add(Juliet, "z@example.org");
        await Add(Romeo, "romeo@example.org");

        (await Stores.Portraits.Addresses(Juliet)).ShouldBe(addresses);
    }

    [Fact]
    public async Task An_address_of_somebody_else_is_refused_and_none_of_its_hashes_taken()
    {
        await Add(Juliet, Address);
        var free = AddressHash.Md5("free");

        await Should.ThrowAsync<StoreConflictException>(
            async () => await Stores.Portraits.AddAddress(Romeo, Address, [free, AddressHash.Sha256(Address)]));

        (await Stores.Portraits.Resolve(free)).ShouldBeNull();
        (await Stores.Portraits.Resolve(AddressHash.Sha256(Address))).ShouldBe(Juliet);
        (await Stores.Portraits.Addresses(Romeo)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_removed_address_stops_resolving_and_is_free_for_others()
    {
        await Add(Juliet, Address);
        (await Stores.Portraits.RemoveAddress(Juliet, Address)).ShouldBeTrue();

        (await Stores.Portraits.Resolve(AddressHash.Md5(Address))).ShouldBeNull();
        (await Stores.Portraits.Resolve(AddressHash.Sha256(Address))).ShouldBeNull();
        (await Stores.Portraits.Addresses(Juliet)).ShouldBeEmpty();
        (await Stores.Portraits.RemoveAddress(Juliet, Address)).ShouldBeFalse();

        await Add(Romeo, Address);
        (await Stores.Portraits.Resolve(AddressHash.Md5(Address))).ShouldBe(Romeo);
    }

    [Fact]
    public async Task A_removal_goes_into_the_log_with_it_and_what_was_not_removed_does_not()
    {
        await Add(Juliet, Address);
        (await Stores.Portraits.RemoveAddress(Romeo, Address, Said)).ShouldBeFalse();
        (await Stores.Audit.Read(null, null, 9)).ShouldBeEmpty();
        (await Stores.Portraits.RemoveAddress(Juliet, Address, Said)).ShouldBeTrue();
        (await Stores.Audit.Read(null, null, 9)).ShouldBe([Said]);
    }

    [Fact]
    public async Task A_hash_that_two_addresses_share_outlives_one_of_them()
    {
        await Add(Juliet, Address);
        await Stores.Portraits.AddAddress(Juliet, "spelt otherwise", [AddressHash.Md5(Address), AddressHash.Md5("own")]);

        await Stores.Portraits.RemoveAddress(Juliet, "spelt otherwise");
        (await Stores.Portraits.Resolve(AddressHash.Md5(Address))).ShouldBe(Juliet);
        (await Stores.Portraits.Resolve(AddressHash.Md5("own"))).ShouldBeNull();
    }

    [Fact]
    public async Task An_address_added_again_answers_for_the_new_hashes_only()
    {
        await Stores.Portraits.AddAddress(Juliet, Address, [AddressHash.Md5("one"), AddressHash.Md5("two")]);
        await Stores.Portraits.AddAddress(Juliet, Address, [AddressHash.Md5("two"), AddressHash.Md5("three")]);

        (await Stores.Portraits.Resolve(AddressHash.Md5("one"))).ShouldBeNull();
        (await Stores.Portraits.Resolve(AddressHash.Md5("two"))).ShouldBe(Juliet);
        (await Stores.Portraits.Resolve(AddressHash.Md5("three"))).ShouldBe(Juliet);
    }

    private ValueTask Add(Identity identity, string address) =>
        Stores.Portraits.AddAddress(identity, address, [AddressHash.Md5(address), AddressHash.Sha256(address)]);
}

public sealed class Addresses_in_SQLite() : AddressContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Addresses_in_PostgreSQL(PostgreSqlServer server) : AddressContract(new PostgreSqlDatabase(server));
