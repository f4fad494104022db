// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What shows that a quorum of a set signed a digest.
/// @param validators All members, strictly ascending.
/// @param signers Bit i is set when member i signed; exactly a quorum of bits.
/// @param signatures 65 bytes (r, s, v) for each set bit, in the order of the members.
struct Proof {
    address[] validators;
    uint256 signers;
    bytes signatures;
}

/// @title Whether a quorum signed.
/// @author TokenLedger
/// @notice Compiled into those who ask: a verifier that a caller names is none, and copying proofs costs gas.
library TLProof {
    /// @notice Members of a set, at most: the ledger's own limit.
    uint256 internal constant MAX_VALIDATORS = 31;

    uint256 private constant SIGNATURE = 65;

    /// @dev One more than half of the curve's order.
    uint256 private constant TOO_HIGH = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1;

    /// @notice No members, too many, zero, twice, or out of order.
    error BadSet();

    /// @notice Not the set that is held.
    error WrongSet();

    /// @notice Exactly a quorum signs, no more and no less.
    /// @param signers How many did.
    /// @param needed How many must.
    error WrongQuorum(uint256 signers, uint256 needed);

    /// @notice This member did not sign this, or not in the one allowed form.
    /// @param member Its place in the set.
    error WrongSignature(uint256 member);

    /// @notice Reverts unless a quorum signed.
    /// @dev The set is the one whose hash is held, so its order and members were checked when it was
    /// installed.
    /// @param digest What they signed.
    /// @param proof Who and how.
    /// @param setHash The hash of the set and its epoch.
    /// @param epoch The epoch.
    function verify(bytes32 digest, Proof calldata proof, bytes32 setHash, uint64 epoch) internal view {
        address[] calldata validators = proof.validators;
        uint256 needed = quorum(validators.length);
        if (_hash(epoch, validators) != setHash) revert WrongSet();
        uint256 signers = proof.signers;
        bytes calldata signatures = proof.signatures;
        if (signatures.length != needed * SIGNATURE || signers >> validators.length != 0) {
            revert WrongQuorum(signatures.length / SIGNATURE, needed);
        }
        uint256 seen = _count(digest, signers, needed, validators, signatures);
        if (seen != needed) revert WrongQuorum(seen, needed);
    }

    /// @notice Members that must sign: n − ⌊(n − 1) / 3⌋, so that two quorums share an honest member.
    /// @param n Members of the set.
    /// @return How many.
    function quorum(uint256 n) internal pure returns (uint256) {
        if (n == 0 || n > MAX_VALIDATORS) revert BadSet();
        unchecked {
            return n - (n - 1) / 3;
        }
    }

    /// @dev How many signed, each as it must; one more than needed if more are said to have. By hand, as it
    /// is most of what a batch costs beside its items. `verify` compared the lengths before.
    function _count(
        bytes32 digest,
        uint256 signers,
        uint256 needed,
        address[] calldata validators,
        bytes calldata signatures
    ) private view returns (uint256 seen) {
        uint256 member = 0;
        bool isWrong = false;
        assembly ("memory-safe") {
            let question := mload(0x40)
            mstore(question, digest)
            let signature := signatures.offset
            for {} signers { signers := shr(1, signers) } {
                if and(signers, 1) {
                    seen := add(seen, 1)
                    if gt(seen, needed) { break }
                    mstore(add(question, 0x20), byte(0, calldataload(add(signature, 0x40))))
                    calldatacopy(add(question, 0x40), signature, 0x40)
                    // The precompiled ecrecover answers nothing if there is no signer: then zero stays.
                    mstore(0x00, 0)
                    pop(staticcall(gas(), 1, question, 0x80, 0x00, 0x20))
                    let signer := mload(0x00)
                    let isMember := eq(signer, calldataload(add(validators.offset, shl(5, member))))
                    // The greater of the two s that fit is refused: a signature has one form.
                    let isLow := lt(mload(add(question, 0x60)), TOO_HIGH)
                    if iszero(and(and(isLow, isMember), gt(signer, 0))) {
                        isWrong := 1
                        break
                    }
                    signature := add(signature, SIGNATURE)
                }
                member := add(member, 1)
            }
        }
        if (isWrong) revert WrongSignature(member);
    }

    /// @dev As TLValidatorSet.hashOf, straight from the call: words with more than an address hash to nothing
    /// that is held.
    function _hash(uint64 epoch, address[] calldata validators) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            let size := shl(5, validators.length)
            mstore(start, epoch)
            mstore(add(start, 0x20), 0x40)
            mstore(add(start, 0x40), validators.length)
            calldatacopy(add(start, 0x60), validators.offset, size)
            hash := keccak256(start, add(0x60, size))
        }
    }
}
