// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Proof, TLProof} from "./TLProof.sol";

/// @title The ledger's bridge validators, and the only way to change them.
/// @author TokenLedger
/// @notice Holds the hash of two sets: the hot one, whose signatures mint, and the cold one, whose signatures
/// replace a hot set that is lost. The sets themselves come with each call: that costs less than storing
/// them.
contract TLValidatorSet is EIP712, AccessManaged {
    /// @notice A set that will stand unless a guardian cancels it.
    /// @param newEpoch Its epoch; 0 while nothing is under way.
    /// @param readyAt Seconds since 1970 from when on it can be installed.
    /// @param newSetHash Its hash, with epoch 0 as it was signed.
    struct Recovery {
        uint64 newEpoch;
        uint64 readyAt;
        bytes32 newSetHash;
    }

    /// @notice How long a recovery can be cancelled.
    uint64 public constant RECOVERY_DELAY = 7 days;

    bytes32 private constant SET_UPDATE = keccak256(
        "SetUpdate(bytes32 ledgerId,uint64 epoch,uint64 newEpoch,bytes32 newSetHash,uint64 notBefore)"
    );
    bytes32 private constant SET_RECOVERY =
        keccak256("SetRecovery(bytes32 ledgerId,uint64 epoch,bytes32 newSetHash,uint64 recoveryNonce)");

    /// @notice The ledger's genesis hash: a signature for another ledger is worth nothing here.
    bytes32 public immutable ledgerId;

    /// @notice The hash of the cold set, with epoch 0. Never changes.
    bytes32 public immutable coldSetHash;

    /// @notice The hot set's epoch, from 1.
    uint64 public epoch;

    /// @notice Recoveries begun so far; the next one's message has one more, so that none begins twice.
    uint64 public recoveryNonce;

    /// @notice The hash of the hot set and its epoch.
    bytes32 public setHash;

    /// @notice What is under way; all zero if nothing is.
    Recovery public recovery;

    /// @notice Another hot set signs from now on.
    /// @param epoch Its epoch.
    /// @param setHash Its hash.
    /// @param validators Its members.
    event SetRotated(uint64 indexed epoch, bytes32 setHash, address[] validators);

    /// @notice The cold set wants another hot one.
    /// @param newEpoch Its epoch.
    /// @param newSetHash Its hash, with epoch 0.
    /// @param readyAt From when on.
    event RecoveryBegun(uint64 indexed newEpoch, bytes32 newSetHash, uint64 readyAt);

    /// @notice A guardian said no.
    /// @param newEpoch The epoch that would have begun.
    event RecoveryCancelled(uint64 indexed newEpoch);

    /// @notice A ledger has an identity.
    error ZeroLedger();

    /// @notice Epochs follow each other.
    /// @param told What was given.
    /// @param needed What is next.
    error WrongEpoch(uint64 told, uint64 needed);

    /// @notice Not yet.
    /// @param readyAt From when on.
    error TooEarly(uint64 readyAt);

    /// @notice Nothing is under way.
    error NoRecovery();

    /// @notice The cold set's word is waited for; no hot quorum outruns it.
    error RecoveryUnderWay();

    /// @notice Installs the first two sets.
    /// @param ledgerId_ The ledger's genesis hash.
    /// @param validators The first hot set, strictly ascending.
    /// @param cold The cold set, strictly ascending.
    /// @param authority The access manager, which says who is a guardian.
    constructor(bytes32 ledgerId_, address[] memory validators, address[] memory cold, address authority)
        EIP712("TLValidatorSet", "1")
        AccessManaged(authority)
    {
        if (ledgerId_ == 0) revert ZeroLedger();
        ledgerId = ledgerId_;
        coldSetHash = hashOf(0, cold);
        _install(1, validators);
    }

    /// @notice Replaces the hot set by one that it signed.
    /// @param newValidators The new set, strictly ascending.
    /// @param newEpoch One more than the present epoch.
    /// @param notBefore Seconds since 1970 from when on it may be done.
    /// @param proof Signatures of the present set.
    function rotate(address[] calldata newValidators, uint64 newEpoch, uint64 notBefore, Proof calldata proof)
        external
    {
        if (recovery.newEpoch != 0) revert RecoveryUnderWay();
        if (newEpoch != epoch + 1) revert WrongEpoch(newEpoch, epoch + 1);
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp < notBefore) revert TooEarly(notBefore);
        bytes32 newSetHash = hashOf(newEpoch, newValidators);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(SET_UPDATE, ledgerId, epoch, newEpoch, newSetHash, notBefore))
        );
        TLProof.verify(digest, proof, setHash, epoch);
        _install(newEpoch, newValidators);
    }

    /// @notice Begins to replace a hot set of which too many keys are lost or stolen. Whatever epoch it is
    /// then: whoever stole a hot quorum does not outrun it by rotating.
    /// @param newSetHash The hash of the new set, with epoch 0.
    /// @param proof Signatures of the cold set.
    function beginRecovery(bytes32 newSetHash, Proof calldata proof) external {
        if (newSetHash == 0) revert TLProof.WrongSet();
        uint64 newEpoch = epoch + 1;
        uint64 number = ++recoveryNonce;
        bytes32 digest =
            _hashTypedDataV4(keccak256(abi.encode(SET_RECOVERY, ledgerId, uint64(0), newSetHash, number)));
        TLProof.verify(digest, proof, coldSetHash, 0);
        uint64 readyAt = uint64(block.timestamp) + RECOVERY_DELAY;
        recovery = Recovery(newEpoch, readyAt, newSetHash);
        emit RecoveryBegun(newEpoch, newSetHash, readyAt);
    }

    /// @notice A guardian's veto.
    function cancelRecovery() external restricted {
        uint64 newEpoch = recovery.newEpoch;
        if (newEpoch == 0) revert NoRecovery();
        delete recovery;
        emit RecoveryCancelled(newEpoch);
    }

    /// @notice Installs the recovered set when its delay is over. Anybody may.
    /// @param newValidators The set that the cold one signed.
    function finishRecovery(address[] calldata newValidators) external {
        Recovery memory begun = recovery;
        if (begun.newEpoch == 0) revert NoRecovery();
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp < begun.readyAt) revert TooEarly(begun.readyAt);
        if (hashOf(0, newValidators) != begun.newSetHash) revert TLProof.WrongSet();
        _install(begun.newEpoch, newValidators);
    }

    /// @notice Reverts unless a quorum of the hot set signed.
    /// @param digest What they signed.
    /// @param proof Who and how.
    function verify(bytes32 digest, Proof calldata proof) external view {
        TLProof.verify(digest, proof, setHash, epoch);
    }

    /// @notice Reverts unless a quorum of the cold set signed.
    /// @param digest What they signed.
    /// @param proof Who and how.
    function verifyCold(bytes32 digest, Proof calldata proof) external view {
        TLProof.verify(digest, proof, coldSetHash, 0);
    }

    /// @notice The hot set in one call, for the bridge.
    /// @return epoch_ Its epoch.
    /// @return setHash_ Its hash.
    function hotSet() external view returns (uint64 epoch_, bytes32 setHash_) {
        return (epoch, setHash);
    }

    /// @notice Members that must sign: n − ⌊(n − 1) / 3⌋, so that two quorums share an honest member.
    /// @param n Members of the set.
    /// @return How many.
    function quorum(uint256 n) public pure returns (uint256) {
        return TLProof.quorum(n);
    }

    /// @notice The hash of a set in an epoch. Reverts unless members are strictly ascending and not zero.
    /// @param epoch_ The epoch; 0 for a cold set.
    /// @param validators Its members.
    /// @return Its hash.
    function hashOf(uint64 epoch_, address[] memory validators) public pure returns (bytes32) {
        uint256 n = validators.length;
        if (n == 0 || n > TLProof.MAX_VALIDATORS) revert TLProof.BadSet();
        address last = address(0);
        for (uint256 i = 0; i < n; ++i) {
            if (validators[i] <= last) revert TLProof.BadSet();
            last = validators[i];
        }
        return keccak256(abi.encode(epoch_, validators));
    }

    function _install(uint64 newEpoch, address[] memory validators) private {
        bytes32 hash = hashOf(newEpoch, validators);
        epoch = newEpoch;
        setHash = hash;
        delete recovery;
        emit SetRotated(newEpoch, hash, validators);
    }
}
