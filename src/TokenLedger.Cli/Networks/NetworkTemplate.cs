// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Cli.Networks;

/// <summary>A network before it has keys: everybody is named by a label.</summary>
internal sealed record NetworkTemplate(
    string NetworkName,
    ulong ChainId,
    ConsensusParameters Consensus,
    ImmutableArray<TemplateInstitution> Institutions,
    ImmutableArray<TemplateAccount> Accounts,
    ImmutableArray<GenesisAsset> Assets,
    ImmutableArray<ApprovalPolicy> Policies);

/// <summary>An institution; its id follows from the label.</summary>
internal sealed record TemplateInstitution(
    string Label, InstitutionKind Kind, string Name, string NameUrdu,
    ImmutableArray<TemplateOfficer> Officers)
{
    public Address Id => Labels.InstitutionId(Label);
}

/// <summary>An officer who will get a key.</summary>
internal sealed record TemplateOfficer(string Label, Duties Duties, string Name);

/// <summary>An account that will get a key. The institution's label is null for a citizen's.</summary>
internal sealed record TemplateAccount(string Label, AccountKind Kind, string? Institution);
