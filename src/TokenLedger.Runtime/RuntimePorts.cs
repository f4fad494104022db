// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime;

/// <summary>
/// The wiring between consensus, chain and peers, which are built in a circle. Each side sees its own port
/// only.
/// </summary>
internal sealed class RuntimePorts(ValidatorRuntime runtime, ILogger log)
    : IChainPorts, IConsensusPorts, IPeerReceiver
{
    private ChainWorker? _chain;
    private ConsensusWorker? _consensus;
    private PeerNetwork? _network;
    private TransactionAdmission? _admission;

    public void Bind(ChainWorker chain, ConsensusWorker consensus)
    {
        _chain = chain;
        _consensus = consensus;
    }

    public void Bind(PeerNetwork network, TransactionAdmission admission)
    {
        _network = network;
        _admission = admission;
    }

    public void Tell(ConsensusInput input) => _consensus!.Post(input);

    public void Relay(Block block) => _network!.Relay(block);

    public void Fetch(Hash256 blockHash, int? holder) => _network!.FetchBody(blockHash, holder);

    public bool IsFinalElsewhere(Height height) => runtime.IsFinalElsewhere(height);

    public void CatchUp() => _network!.CatchUp();

    public void Broadcast(Vote vote) => _network!.Broadcast(vote);

    public void Broadcast(Proposal proposal) => _network!.Broadcast(proposal);

    public void Broadcast(Certificate certificate) => _network!.Broadcast(certificate);

    public void Send(int to, Certificate certificate) => _network!.Send(to, certificate);

    public void RelayAgain(Hash256 blockHash) => _network!.RelayAgain(blockHash);

    public void FetchCertificates(View from, View to, int? holder) =>
        _network!.FetchCertificates(from, to, holder);

    public void Ask(ConsensusEffect effect) => _chain!.Post(new ConsensusAsks(effect));

    public void Block(int peer, PeerFault fault) => _network!.Block(peer, fault);

    public void Fatal(Exception cause) => runtime.Fatal(cause, log);

    public bool Receive(int peer, ConsensusInput input) => _consensus!.TryPost(peer, input);

    public void Receive(int peer, Block block) => _chain!.TryPost(peer, new BodyArrived(block, peer));

    public Rejection? Receive(int peer, IReadOnlyList<SignedTransaction> transactions)
    {
        Rejection? refused = null;
        var admitted = ImmutableArray.CreateBuilder<VerifiedTransaction>(transactions.Count);
        foreach (SignedTransaction signed in transactions)
        {
            refused = _admission!.TryAdmit(signed, out VerifiedTransaction? verified);
            if (refused is not null)
            {
                // The rest is not worth its checks.
                break;
            }

            admitted.Add(verified!);
        }

        if (admitted.Count > 0)
        {
            _chain!.TryPost(peer, new AddTransactions(admitted.DrainToImmutable(), null));
        }

        return refused;
    }
}
