// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Proof, TLProof} from "../src/TLProof.sol";
import {TLValidatorSet} from "../src/TLValidatorSet.sol";
import {Base} from "./Base.sol";

/// @title Sets, quorums, rotation and recovery, for every number of members.
contract ValidatorSetTest is Base {
    bytes32 internal constant DIGEST = keccak256("digest");
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function setUp() external {
        _start(4);
    }

    function test_Verify_Quorum_Passes() external everySize {
        set.verify(DIGEST, _hot(DIGEST));
        set.verifyCold(DIGEST, _cold(DIGEST));
    }

    function test_Verify_AnyQuorum_Passes() external everySize {
        // The last members instead of the first.
        uint256 n = hot.length;
        uint256 q = _quorum(n);
        Proof memory proof;
        proof.validators = hot;
        for (uint256 i = n - q; i < n; ++i) {
            proof.signers |= 1 << i;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(hotKeys[i], DIGEST);
            proof.signatures = abi.encodePacked(proof.signatures, r, s, v);
        }
        set.verify(DIGEST, proof);
    }

    function test_Verify_OneShort_Reverts() external everySize {
        uint256 q = _quorum(hot.length);
        Proof memory proof = _sign(DIGEST, hot, hotKeys, q - 1);
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q - 1, q));
        set.verify(DIGEST, proof);
    }

    function test_Verify_OneTooMany_Reverts() external everySize {
        uint256 q = _quorum(hot.length);
        Proof memory proof = _sign(DIGEST, hot, hotKeys, q + 1);
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q + 1, q));
        set.verify(DIGEST, proof);
    }

    function test_Verify_MoreBitsThanSignatures_Reverts() external everySize {
        uint256 q = _quorum(hot.length);
        Proof memory proof = _hot(DIGEST);
        proof.signers |= 1 << q;
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q + 1, q));
        set.verify(DIGEST, proof);
    }

    function test_Verify_FewerBitsThanSignatures_Reverts() external everySize {
        uint256 q = _quorum(hot.length);
        Proof memory proof = _hot(DIGEST);
        proof.signers &= ~(uint256(1) << (q - 1));
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q - 1, q));
        set.verify(DIGEST, proof);
    }

    function test_Verify_BitBeyondMembers_Reverts() external everySize {
        Proof memory proof = _hot(DIGEST);
        proof.signers |= 1 << hot.length;
        vm.expectPartialRevert(TLProof.WrongQuorum.selector);
        set.verify(DIGEST, proof);
    }

    function test_Verify_AnotherDigest_Reverts() external everySize {
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongSignature.selector, 0));
        set.verify(keccak256("another"), _hot(DIGEST));
    }

    function test_Verify_AnothersSignature_Reverts() external everySize {
        Proof memory proof = _sign(DIGEST, hot, coldKeys, _quorum(hot.length));
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongSignature.selector, 0));
        set.verify(DIGEST, proof);
    }

    function test_Verify_HighS_Reverts() external everySize {
        Proof memory proof = _hot(DIGEST);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(hotKeys[0], DIGEST);
        bytes memory twin = abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        for (uint256 i = 0; i < 65; ++i) {
            proof.signatures[i] = twin[i];
        }
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongSignature.selector, 0));
        set.verify(DIGEST, proof);
    }

    function test_Verify_NoSigner_Reverts() external everySize {
        // Nonsense recovers nobody, and nobody is no member.
        Proof memory proof = _hot(DIGEST);
        proof.signatures[64] = bytes1(uint8(29));
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongSignature.selector, 0));
        set.verify(DIGEST, proof);
    }

    function test_Verify_AnotherSet_Reverts() external everySize {
        Proof memory proof = _sign(DIGEST, cold, coldKeys, _quorum(hot.length));
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.verify(DIGEST, proof);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.verifyCold(DIGEST, _hot(DIGEST));
    }

    function test_Verify_NoSet_Reverts() external everySize {
        Proof memory proof;
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.verify(DIGEST, proof);
        proof.validators = new address[](32);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.verify(DIGEST, proof);
    }

    function test_Quorum_TwoShareAnHonestMember() external everySize {
        for (uint256 n = 1; n <= 31; ++n) {
            uint256 q = set.quorum(n);
            uint256 faults = (n - 1) / 3;
            _true(2 * q - n > faults && q <= n - faults);
        }
    }

    function test_Rotate_SignedByPresentSet_Installs() external everySize {
        (uint256[] memory keys, address[] memory next) = _keys(9000, hot.length);
        Proof memory proof = _hot(_rotateDigest(next, 2, 0));
        vm.expectEmit(address(set));
        emit TLValidatorSet.SetRotated(2, keccak256(abi.encode(uint64(2), next)), next);
        set.rotate(next, 2, 0, proof);
        _eq(set.epoch(), 2);
        _eq(set.setHash(), keccak256(abi.encode(uint64(2), next)));
        (uint64 epoch, bytes32 hash) = set.hotSet();
        _true(epoch == 2 && hash == set.setHash());
        // The old set is nobody now, though it may sign what it likes.
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.verify(DIGEST, _hot(DIGEST));
        set.verify(DIGEST, _sign(DIGEST, next, keys, _quorum(hot.length)));
        // And its message is worth nothing a second time.
        vm.expectRevert(abi.encodeWithSelector(TLValidatorSet.WrongEpoch.selector, 2, 3));
        set.rotate(next, 2, 0, proof);
    }

    function test_Rotate_SameSetOfAnotherEpoch_IsAnotherHash() external everySize {
        set.rotate(hot, 2, 0, _hot(_rotateDigest(hot, 2, 0)));
        set.verify(DIGEST, _hot(DIGEST));
        _true(set.setHash() != keccak256(abi.encode(uint64(1), hot)));
    }

    function test_Rotate_EpochSkipped_Reverts() external everySize {
        Proof memory proof = _hot(_rotateDigest(hot, 3, 0));
        vm.expectRevert(abi.encodeWithSelector(TLValidatorSet.WrongEpoch.selector, 3, 2));
        set.rotate(hot, 3, 0, proof);
    }

    function test_Rotate_TooEarly_Reverts() external everySize {
        uint64 then = uint64(block.timestamp + 60);
        Proof memory proof = _hot(_rotateDigest(hot, 2, then));
        vm.expectRevert(abi.encodeWithSelector(TLValidatorSet.TooEarly.selector, then));
        set.rotate(hot, 2, then, proof);
        vm.warp(then);
        set.rotate(hot, 2, then, proof);
    }

    function test_Rotate_UnorderedOrZeroOrEmpty_Reverts() external everySize {
        Proof memory proof = _hot(DIGEST);
        address[] memory next = new address[](2);
        (next[0], next[1]) = (BOB, ALICE);
        if (BOB < ALICE) (next[0], next[1]) = (ALICE, BOB);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.rotate(next, 2, 0, proof);
        next[1] = next[0];
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.rotate(next, 2, 0, proof);
        next[0] = address(0);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.rotate(next, 2, 0, proof);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.rotate(new address[](0), 2, 0, proof);
        (, next) = _keys(9000, 32);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.rotate(next, 2, 0, proof);
    }

    function test_Recovery_AfterSevenDays_Installs() external everySize {
        (uint256[] memory keys, address[] memory next) = _keys(9000, hot.length);
        _begin(next, 1);
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectPartialRevert(TLValidatorSet.TooEarly.selector);
        set.finishRecovery(next);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.finishRecovery(hot);
        set.finishRecovery(next);
        _eq(set.epoch(), 2);
        set.verify(DIGEST, _sign(DIGEST, next, keys, _quorum(hot.length)));
        vm.expectPartialRevert(TLValidatorSet.NoRecovery.selector);
        set.finishRecovery(next);
    }

    function test_Recovery_Cancelled_IsGoneAndCannotBeginAgain() external everySize {
        (, address[] memory next) = _keys(9000, hot.length);
        Proof memory proof = _begin(next, 1);
        vm.expectRevert();
        set.cancelRecovery();
        vm.prank(GUARD);
        set.cancelRecovery();
        vm.warp(block.timestamp + 7 days);
        vm.expectPartialRevert(TLValidatorSet.NoRecovery.selector);
        set.finishRecovery(next);
        bytes32 hash = keccak256(abi.encode(uint64(0), next));
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        set.beginRecovery(hash, proof);
        vm.prank(GUARD);
        vm.expectPartialRevert(TLValidatorSet.NoRecovery.selector);
        set.cancelRecovery();
        _begin(next, 2);
    }

    function test_Recovery_UnderWay_NoHotQuorumOutrunsIt() external everySize {
        (, address[] memory next) = _keys(9000, hot.length);
        _begin(next, 1);
        Proof memory proof = _hot(_rotateDigest(hot, 2, 0));
        vm.expectPartialRevert(TLValidatorSet.RecoveryUnderWay.selector);
        set.rotate(hot, 2, 0, proof);
    }

    /// @dev A stolen hot quorum that rotates in front of the cold keys' word does not outrun it.
    function test_Recovery_AfterARotation_BeginsAllTheSame() external everySize {
        (, address[] memory next) = _keys(9000, hot.length);
        Proof memory proof = _cold(_recoverDigest(next, 1));
        set.rotate(hot, 2, 0, _hot(_rotateDigest(hot, 2, 0)));
        set.beginRecovery(keccak256(abi.encode(uint64(0), next)), proof);
        vm.warp(block.timestamp + 7 days);
        set.finishRecovery(next);
        _true(set.epoch() == 3 && set.setHash() == keccak256(abi.encode(uint64(3), next)));
    }

    function test_Recovery_SignedByHotSet_Reverts() external everySize {
        bytes32 hash = keccak256(abi.encode(uint64(0), hot));
        Proof memory proof = _hot(_recoverDigest(hot, 1));
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.beginRecovery(hash, proof);
    }

    function test_Recovery_ZeroHash_Reverts() external everySize {
        Proof memory proof = _cold(DIGEST);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.beginRecovery(0, proof);
    }

    function testFuzz_Verify_AnyByteOfASignatureChanged_Reverts(uint256 place, uint8 change) external {
        vm.assume(change != 0);
        Proof memory proof = _hot(DIGEST);
        place = place % proof.signatures.length;
        proof.signatures[place] = bytes1(uint8(proof.signatures[place]) ^ change);
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongSignature.selector, place / 65));
        set.verify(DIGEST, proof);
    }

    function testFuzz_Verify_AnyOtherBitmap_Reverts(uint256 signers) external {
        Proof memory proof = _hot(DIGEST);
        vm.assume(signers != proof.signers);
        proof.signers = signers;
        vm.expectRevert();
        set.verify(DIGEST, proof);
    }

    function _begin(address[] memory next, uint64 nonce) private returns (Proof memory proof) {
        proof = _cold(_recoverDigest(next, nonce));
        bytes32 hash = keccak256(abi.encode(uint64(0), next));
        vm.expectEmit(address(set));
        emit TLValidatorSet.RecoveryBegun(2, hash, uint64(block.timestamp + 7 days));
        set.beginRecovery(hash, proof);
    }

    function test_New_NoLedger_Reverts() external {
        vm.expectPartialRevert(TLValidatorSet.ZeroLedger.selector);
        _new(0, hot, cold);
    }

    function test_New_NoMembers_Reverts() external {
        vm.expectPartialRevert(TLProof.BadSet.selector);
        _new(LEDGER, new address[](0), cold);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        _new(LEDGER, hot, new address[](0));
    }

    function _new(bytes32 ledger, address[] memory first, address[] memory second) private {
        this.make("TLValidatorSet.sol:TLValidatorSet", abi.encode(ledger, first, second, address(d.manager)));
    }
}
