using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-23")]
public abstract class AddressProofContract(TestDatabase database) : StoreContract(database)
{
    private const string Page = "https://juliet.example.net/";

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task It_goes_with_its_address_and_there_is_none_without()
    {
        await Save(Juliet, new AddressProof(Noon, Noon.AddYears(1)));
        (await Stores.AddressProofs.Of(Juliet)).ShouldBeEmpty();
        await Add(Juliet, Page);
        await Save(Juliet, new AddressProof(Noon, Noon.AddYears(1), Noon.AddDays(1)));
        await Reopen();
        (await Stores.AddressProofs.Of(Juliet)).ShouldHaveSingleItem().ShouldBe(new(Page, new AddressProof(Noon, Noon.AddYears(1), Noon.AddDays(1))));
        (await Stores.AddressProofs.Of(Romeo)).ShouldBeEmpty();
        await Stores.Portraits.RemoveAddress(Juliet, Page);
        await Add(Juliet, Page);
        (await Stores.AddressProofs.Of(Juliet)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Those_whose_time_has_come_are_taken_once_and_come_again()
    {
        foreach (var (person, hour) in new[] { (Juliet, 2), (Romeo, 1) })
        {
            await Add(person, $"https://{hour}.example.net/");
            await Stores.Write([new StoreWrite.Proof(person, $"https://{hour}.example.net/", new AddressProof(Noon, Noon.AddHours(hour)))]);
        }

        (await Stores.AddressProofs.Take(Noon, Noon.AddHours(3), 10)).ShouldBeEmpty();
        (await Stores.AddressProofs.Take(Noon.AddHours(2), Noon.AddHours(3), 1)).Select(taken => taken.Person).ShouldBe([Romeo]);
        (await Stores.AddressProofs.Take(Noon.AddHours(2), Noon.AddHours(3), 10)).Select(taken => taken.Person).ShouldBe([Juliet]);
        (await Stores.AddressProofs.Take(Noon.AddHours(2), Noon.AddHours(3), 10)).ShouldBeEmpty();
        (await Stores.AddressProofs.Take(Noon.AddHours(3), Noon.AddHours(4), 10)).Count.ShouldBe(2, "nobody said what became of them");
    }

    private ValueTask Add(Identity person, string page) => Stores.Portraits.AddAddress(person, page, [AddressHash.Sha256(page)]);

    private ValueTask Save(Identity person, AddressProof proof) => Stores.Write([new StoreWrite.Proof(person, Page, proof)]);
}

public sealed class Address_proofs_in_SQLite() : AddressProofContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Address_proofs_in_PostgreSQL(PostgreSqlServer server) : AddressProofContract(new PostgreSqlDatabase(server));
