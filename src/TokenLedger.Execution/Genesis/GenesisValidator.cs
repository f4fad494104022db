// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Accounts;
using TokenLedger.Execution.Assets;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution;

/// <summary>Says what is wrong with a genesis document. Pure.</summary>
public static class GenesisValidator
{
    /// <summary>Everything that is wrong, in words; empty when a network may begin with it.</summary>
    public static IReadOnlyList<string> Problems(GenesisDocument document)
    {
        var findings = new Findings();
        CheckNetwork(document, findings);
        CheckValidators(document, findings);
        Dictionary<Address, InstitutionKind> institutions = CheckInstitutions(document, findings);
        var keys = new HashSet<Address>(institutions.Keys);
        List<RosterEntry> roster = CheckOfficers(document, keys, findings);
        CheckAccounts(document, institutions, keys, findings);
        CheckAssets(document, institutions, findings);
        GenesisPolicies.Check(document.Policies, roster, findings);
        return findings.Problems;
    }

    private static void CheckNetwork(GenesisDocument document, Findings findings)
    {
        findings.Note(TextRules.CheckName("The network's name", document.NetworkName, Limits.NameBytes));
        findings.Require(
            document.ChainId is > 0 and <= Limits.ChainIdMax,
            $"The chain id is {document.ChainId}, not 1 to {Limits.ChainIdMax}.");
        findings.Require(document.Time.Value > 0, $"The genesis time is 0.");
        findings.Require(
            document.Consensus.DeltaMs is >= 20 and <= 60_000,
            $"Δ is {document.Consensus.DeltaMs} ms; it is 20 to 60,000.");
        findings.Require(
            document.Consensus.HeartbeatMs is >= 100 and <= 60_000,
            $"The heartbeat is {document.Consensus.HeartbeatMs} ms; it is 100 to 60,000.");
    }

    private static void CheckValidators(GenesisDocument document, Findings findings)
    {
        findings.Require(
            document.Validators.Length is >= 1 and <= Limits.Validators,
            $"There are {document.Validators.Length} validators; a set has 1 to {Limits.Validators}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var votes = new HashSet<Address>();
        var tls = new HashSet<Hash256>();
        foreach (Validator validator in document.Validators)
        {
            findings.Note(TextRules.CheckName("A validator's name", validator.Name, Limits.NameBytes));
            findings.Require(
                names.Add(validator.Name), $"The validator's name {validator.Name} stands twice.");
            findings.Require(
                !validator.Address.IsZero && votes.Add(validator.Address),
                $"The vote key of {validator.Name} is zero or stands twice.");
            findings.Require(
                !validator.TlsKeyHash.IsZero && tls.Add(validator.TlsKeyHash),
                $"The TLS key of {validator.Name} is zero or stands twice.");
        }
    }

    private static Dictionary<Address, InstitutionKind> CheckInstitutions(
        GenesisDocument document, Findings findings)
    {
        var kinds = new Dictionary<Address, InstitutionKind>();
        findings.Require(
            document.Institutions.Length <= Limits.GenesisInstitutions,
            $"There are {document.Institutions.Length} institutions; the limit is "
            + $"{Limits.GenesisInstitutions}.");
        foreach (GenesisInstitution institution in document.Institutions)
        {
            findings.Note(TextRules.CheckName("An institution's name", institution.Name, Limits.NameBytes));
            findings.Note(TextRules.CheckName(
                $"The Urdu name of {institution.Name}", institution.NameUrdu, Limits.NameBytes));
            findings.Require(
                Enum.IsDefined(institution.Kind),
                $"{institution.Name} is of the unknown kind {institution.Kind}.");
            findings.Require(
                !institution.Id.IsZero && kinds.TryAdd(institution.Id, institution.Kind),
                $"The id of {institution.Name} is zero or stands twice.");
            findings.Require(
                institution.Officers.Length <= Limits.OfficersPerInstitution,
                $"{institution.Name} has {institution.Officers.Length} officers; "
                + $"the limit is {Limits.OfficersPerInstitution}.");
            findings.Require(
                institution.Kind != InstitutionKind.Auditor || institution.Officers.IsEmpty,
                $"{institution.Name} is an auditor: it reads, so it has no officers with duties.");
        }

        return kinds;
    }

    private static List<RosterEntry> CheckOfficers(
        GenesisDocument document, HashSet<Address> keys, Findings findings)
    {
        var roster = new List<RosterEntry>();
        foreach (GenesisInstitution institution in document.Institutions)
        {
            foreach (GenesisOfficer officer in institution.Officers)
            {
                var grant = new GrantOfficer(institution.Id, officer.Address, officer.Duties, officer.Name);
                findings.Note(OperationShape.Check(grant), $"An officer of {institution.Name}: ");
                findings.Require(
                    keys.Add(officer.Address),
                    $"The officer's key {officer.Address} stands for something else, too.");
                if (Enum.IsDefined(institution.Kind))
                {
                    roster.Add(
                        new RosterEntry(officer.Address, institution.Id, institution.Kind, officer.Duties));
                }
            }
        }

        return roster;
    }

    private static void CheckAccounts(
        GenesisDocument document,
        Dictionary<Address, InstitutionKind> institutions,
        HashSet<Address> keys,
        Findings findings)
    {
        findings.Require(
            document.Accounts.Length <= Limits.GenesisAccounts,
            $"There are {document.Accounts.Length} accounts; the limit is {Limits.GenesisAccounts}.");
        foreach (GenesisAccount account in document.Accounts)
        {
            var register = new RegisterAccount(account.Address, account.Kind, account.Institution);
            findings.Note(OperationShape.Check(register), $"Account {account.Address}: ");
            findings.Require(
                keys.Add(account.Address),
                $"The account {account.Address} stands twice, or is an officer's key.");
            if (account.Kind == AccountKind.Citizen)
            {
                continue;
            }

            bool known = institutions.TryGetValue(account.Institution, out InstitutionKind owner);
            findings.Require(known, $"Account {account.Address} belongs to no institution of this document.");
            findings.Require(
                !known || RegisterRules.Fits(account.Kind, owner),
                $"Account {account.Address} is of the kind {account.Kind}, which a {owner} does not own.");
        }
    }

    private static void CheckAssets(
        GenesisDocument document, Dictionary<Address, InstitutionKind> institutions, Findings findings)
    {
        var symbols = new HashSet<AssetId>();
        findings.Require(
            document.Assets.Length <= Limits.GenesisAssets,
            $"There are {document.Assets.Length} assets; the limit is {Limits.GenesisAssets}.");
        foreach (GenesisAsset asset in document.Assets)
        {
            AssetId id = asset.Definition.Id;
            findings.Note(DefinitionRules.Check(asset.Definition));
            findings.Require(symbols.Add(id), $"The symbol {id} stands twice.");
            findings.Require(
                institutions.TryGetValue(asset.Definition.Issuer, out InstitutionKind issuer)
                && issuer != InstitutionKind.Auditor,
                $"The issuer of {id} is no institution of this document, or an auditor.");
            findings.Require(
                asset.Documents.Length <= Limits.DocumentsPerAsset,
                $"{id} has {asset.Documents.Length} documents; the limit is {Limits.DocumentsPerAsset}.");
            var hashes = new HashSet<Hash256>();
            foreach (AssetDocument attached in asset.Documents)
            {
                findings.Note(DefinitionRules.CheckDocument(id, attached));
                findings.Require(hashes.Add(attached.Hash), $"{id} has the document {attached.Hash} twice.");
            }
        }
    }
}
