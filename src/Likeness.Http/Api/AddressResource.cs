using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary><c>/api/v1/people/{account}/addresses</c>: what a person is found by.</summary>
internal sealed class AddressResource(AddressBook addresses, IAccountStore accounts, PortraitActs acts)
{
    public async Task<IResult> List(HttpContext context, string account)
    {
        var person = await Person(context, account);
        return Results.Json(await Describe(person, context.RequestAborted), ApiJson.Default.AddressesDocument);
    }

    /// <summary>201 for a new address, 200 for one that is there already; 409 when it belongs to somebody else.</summary>
    public async Task<IResult> Add(HttpContext context, string account)
    {
        var person = await Person(context, account);
        var wish = await ApiBody.Json(context.Request, ApiJson.Default.NewAddressDocument, context.RequestAborted);
        var address = ApiAddress.Read(wish.Address);
        if (!ApiCaller.Of(context).MayTouch(address.Domain))
        {
            throw new ApiRefusedException(StatusCodes.Status403Forbidden, $"This token may not touch {address.Domain}.");
        }

        var isNew = await acts.AddAddress(person, address, ApiCaller.Of(context).Cause, cancellationToken: context.RequestAborted);
        return Results.Json(Describe(address), ApiJson.Default.AddressDocument, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task<IResult> Remove(HttpContext context, string account, string address)
    {
        var person = await Person(context, account);
        var named = ApiAddress.FromPath(address);
        if (!ApiCaller.Of(context).MayTouch(named.Domain) || !await acts.RemoveAddress(person, named, ApiCaller.Of(context).Cause, context.RequestAborted))
        {
            throw ApiRefusedException.NotFound("This person has no such address.");
        }

        return Results.NoContent();
    }

    /// <summary>Somebody with an account or an address, in a domain the token may touch; 404 for everybody else.</summary>
    private async ValueTask<Identity> Person(HttpContext context, string account)
    {
        var person = new Identity(ApiAddress.FromPath(account).Text);
        var isKnown = ApiCaller.Of(context).MayTouch(person)
            && (await accounts.Find(person, context.RequestAborted) is not null || (await addresses.Of(person, context.RequestAborted)).Count > 0);
        return isKnown ? person : throw ApiRefusedException.NotFound("There is nobody of this name.");
    }

    private async ValueTask<AddressesDocument> Describe(Identity person, CancellationToken cancellationToken) =>
        new(person.Value, [.. (await addresses.Of(person, cancellationToken)).Select(text => Describe(Address.Parse(text)))]);

    private static AddressDocument Describe(Address address) => new(address.Text, [.. address.Hashes.Select(hash => hash.Text)]);
}
