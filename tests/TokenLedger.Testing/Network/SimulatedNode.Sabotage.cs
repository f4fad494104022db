// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <content>The planted bugs that change what the machine says.</content>
public sealed partial class SimulatedNode
{
    /// <summary>Plants the bug of the run into the stream of effects.</summary>
    private List<ConsensusEffect> Sabotaged(List<ConsensusEffect> effects)
    {
        ConsensusRecord[] records = [.. effects.OfType<AppendRecord>().Select(append => append.Record)];
        switch (_network.Options.Sabotage)
        {
            case Sabotage.NeverRepeat:
                effects.RemoveAll(effect =>
                    effect is BroadcastVote or RecastVote or FetchCertificates or SendCertificate);
                break;
            case Sabotage.FinalizeAfterNullify:
                foreach (CertificationRecord certified in records.OfType<CertificationRecord>())
                {
                    FinalizeAllTheSame(certified, effects);
                }

                break;
            case Sabotage.FinalizeOnNotarization:
                foreach (CertificateRecord held in records.OfType<CertificateRecord>())
                {
                    if (held.Certificate.Subject.Kind == VoteKind.Notarize)
                    {
                        Application.Finalize(held.Certificate);
                    }
                }

                break;
            default:
                break;
        }

        return effects;
    }

    private void FinalizeAllTheSame(CertificationRecord certified, List<ConsensusEffect> effects)
    {
        var nullify = new VoteSubject(VoteKind.Nullify, default, certified.View, default);
        if (certified.Valid && _recorded.Contains(nullify))
        {
            VoteSubject finalize = nullify with { Kind = VoteKind.Finalize, BlockHash = certified.BlockHash };
            effects.Add(new AppendRecord(new OwnVoteRecord(finalize)));
            After(100, () => _network.Checker.Signs(this, finalize));
        }
    }
}
