//! The operating system's own authorities.

use super::*;

#[test]
fn what_the_library_cannot_use_is_left_out() {
    let junk = CertificateDer::from(vec![0x30, 0x03, 0x02, 0x01, 0x01]);
    assert!(usable(vec![junk.clone()]).is_none());
    assert!(usable(Vec::new()).is_none());
}

#[test]
fn certificates_survive_being_written_as_pem() {
    let key = rcgen::generate_simple_self_signed(["example.com".to_owned()]).unwrap();
    let certificate = key.cert.der().clone();
    let junk = CertificateDer::from(vec![0; 40]);
    let kept = usable(vec![junk, certificate.clone()]).unwrap();
    assert_eq!(kept, std::slice::from_ref(&certificate));
    let read: Vec<_> = CertificateDer::pem_slice_iter(to_pem(&kept).as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(read, [certificate]);
}
