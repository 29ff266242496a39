//! The API: visits, enclosures, capacity, key statement. `docs/formats/api.md` describes it.

mod body;
mod enclosures;
mod error;
mod statement;
mod visits;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

pub(crate) use error::ApiError;

/// All routes of the API. Any other path under `/api` gets a stable error, never a page.
pub(crate) fn routes(config: &mut ServiceConfig) {
    let wrong_method = || web::to(|| async { Err::<HttpResponse, _>(ApiError::Method) });
    config
        .service(web::resource("/api/visits").route(web::post().to(visits::visit)).default_service(wrong_method()))
        .service(
            web::resource("/api/enclosure")
                .route(web::get().to(enclosures::look))
                .route(web::post().to(enclosures::begin))
                .default_service(wrong_method()),
        )
        .service(
            web::resource("/api/enclosure/{attempt}/parts/{number}")
                .route(web::put().to(enclosures::put_part))
                .default_service(wrong_method()),
        )
        .service(
            web::resource("/api/capacity").route(web::get().to(statement::capacity)).default_service(wrong_method()),
        )
        .service(
            web::resource("/keys/statement.json")
                .route(web::get().to(statement::statement))
                .default_service(wrong_method()),
        )
        .service(
            web::resource("/log/checkpoint")
                .route(web::get().to(statement::checkpoint))
                .default_service(wrong_method()),
        )
        .service(
            web::resource("/results/note").route(web::get().to(statement::results)).default_service(wrong_method()),
        )
        .service(
            web::scope("/api").default_service(web::to(|| async { Err::<HttpResponse, _>(ApiError::NoSuchPath) })),
        );
}
