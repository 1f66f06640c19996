using Likeness.Accounts;

namespace Likeness.Web.Visits;

/// <summary>Who may do what on the pages for administrators; what somebody may not is not done, whichever page asks for it.</summary>
internal sealed class Administrators(RoleBook roles, IAdministration administration, DomainPolicies policies)
{
    /// <summary>Whether somebody with these rights may do it.</summary>
    public async ValueTask<bool> May(Rights rights, AdminAct act, CancellationToken cancellationToken) => act switch
    {
        AdminAct.Clear or AdminAct.Lock or AdminAct.Unlock or AdminAct.ClearProfile => rights.Has(Right.Pictures, DomainOf(act)),

        // Nobody of any domain shows it any more.
        AdminAct.Block => policies.All.Select(policy => policy.Domain).Append(DomainOf(act)).All(domain => rights.Has(Right.Pictures, domain)),
        AdminAct.GiveRole or AdminAct.TakeRole => rights.Has(Right.Server),
        AdminAct.SetPicture => rights.Has(Right.People, DomainOf(act)),
        AdminAct.Invite invite => rights.Has(Right.People, invite.Domain),

        // Whoever administers a domain does not become more by way of somebody who is more.
        AdminAct.ToPerson to => rights.Has(Right.People, to.Person.Domain) && rights.Covers(await roles.Of(to.Person, cancellationToken)),
        _ => false,
    };

    /// <summary>Carries the act out; durable and in the log before it returns.</summary>
    /// <returns>What there is to hand over.</returns>
    /// <exception cref="ActForbiddenException">The visitor may not.</exception>
    /// <exception cref="ActRefusedException">It is not done; the message says why.</exception>
    public async Task<string?> Do(AdminAct act, Visitor visitor) => await May(visitor.Rights, act, CancellationToken.None)
        ? await administration.Carry(act, visitor.Account, CancellationToken.None)
        : throw new ActForbiddenException();

    /// <summary>Whether somebody with these rights may help this person in, or shut them out.</summary>
    public ValueTask<bool> MayReach(Rights rights, Identity person, CancellationToken cancellationToken) => May(rights, new AdminAct.EndSessions(person), cancellationToken);

    private static string DomainOf(AdminAct act) => ((AdminAct.ToPerson)act).Person.Domain;
}

/// <summary>An act that is none of the visitor's, who is told no more of it than of a page that is not there.</summary>
internal sealed class ActForbiddenException() : Exception("It is not the visitor's to do.");
